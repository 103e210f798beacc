### The pages in English: the reference for every other language.
###
### The server replaces the parts in braces, for example with the name of an application. Move them to where the sentence
### needs them, but keep them. Values are isolated from the surrounding text, so their writing direction does not matter.

## On several pages

account = You are signed in as { $account }.
# The label of a link: the account that is signed in is somebody else's.
account-switch = Not { $account }?
allow = Allow
deny = Deny
cancel = Cancel
continue = Continue
sign-in = Sign in
sign-out = Sign out
username = Username
username-or-email = Username or e-mail
password = Password
privacy-policy = Privacy policy
terms-of-service = Terms of service
# $minutes: a whole number, at least 1
too-many-attempts = { $minutes ->
    [one] Too many attempts. Try again in { $minutes } minute.
   *[other] Too many attempts. Try again in { $minutes } minutes.
}
# $support: an e-mail address, a name, a phone number, or a few words of the operator
footer-support = Need help? Ask { $support }.
footer-imprint = Imprint
footer-privacy = Privacy

## Signing in

login-client = to continue to { $client }
client-unverified = This application registered itself. Nobody here has verified it.
login-wrong = That username and password do not match. Try again.
login-ceiling = There were too many wrong passwords for this account. Sign in with a browser that you have used here before, or ask the people who run this server to unlock the account.
login-expired = This page has expired or was already used. Sign in here, or go back to the application and start again.
login-confirm = Sign in again to go on. What you opened changes how you sign in.
login-deleted = Your account is deleted.
signed-in-title = Signed in
signed-in-heading = You are signed in
signed-in-ended = This page has expired or was already used. Go back to the application to continue.
signed-in-home = Stay here
back-to = Back to { $client }

## A user may not enter an application

no-access-title = No access
no-access-heading = You don’t have access to { $client }
no-access-ask = Ask the people who run this server for access.
no-access-ask-support = Ask { $support } for access.
no-access-switch = Use another account

## An application asks for access

consent-title = Allow access
consent-heading = { $client } asks for access to your account
consent-claimable = Any program on this device could claim to be { $client }.
# The heading of a list of the scope-… messages.
scopes-heading = It will be able to
scope-openid = Know who you are when you sign in
scope-profile = See your name and other details of your profile
scope-email = See your e-mail address
scope-address = See your postal address
scope-phone = See your phone number
scope-groups = See which groups you are in
scope-read = Read your data
scope-write = Change your data
scope-administration = Administer this server
administration-warning = Careful: this application asks for full control of this server. It could change every account, application and key. Allow it only if you are sure that you need it now.
# $scope: the technical name of a permission that the operator of this server made up
scope-other = Use “{ $scope }” on your behalf
# Single facts of a profile, in the same list.
claim-name = See your name
claim-family-name = See your family name
claim-given-name = See your given name
claim-middle-name = See your middle name
claim-nickname = See your nickname
claim-preferred-username = See your user name
claim-profile = See the address of your profile page
claim-picture = See your picture
claim-website = See the address of your website
claim-gender = See your gender
claim-birthdate = See your date of birth
claim-zoneinfo = See your time zone
claim-locale = See your language
claim-updated-at = See when your profile last changed
claim-email = See your e-mail address
claim-email-verified = See whether your e-mail address was verified
claim-address = See your postal address
claim-phone-number = See your phone number
claim-phone-number-verified = See whether your phone number was verified
claim-other = See your “{ $claim }”
scope-offline = Keep this access while you are away and after you sign out
scope-offline-device = Keep this access while you are away, until you withdraw it
# How long the access lasts, in whole minutes, hours or days; the number is at least 1.
access-ends-minutes = { $minutes ->
    [one] This access ends after { $minutes } minute at the latest.
   *[other] This access ends after { $minutes } minutes at the latest.
}
access-ends-hours = { $hours ->
    [one] This access ends after { $hours } hour at the latest.
   *[other] This access ends after { $hours } hours at the latest.
}
access-ends-days = { $days ->
    [one] This access ends after { $days } day at the latest.
   *[other] This access ends after { $days } days at the latest.
}
# After how long the access lasts.
withdraw = You can withdraw this later, in your account.
# The heading of a list of names and addresses of services.
resources-heading = For these services

## Connecting a device, such as a television

device-title = Connect a device
device-advice = Enter the code that your device shows. Lower-case letters work too, and you can leave out the dash.
device-code = Code
device-must-type = Nobody has checked the application that this link belongs to, so the link is not enough. Enter the code only if you started this yourself, on a device in front of you. If another person sent you the link, close this page.
device-wrong = That code is mistyped, used already or expired. Look at your device and try again.
device-heading = { $client } on a device asks for access to your account
device-claimable = Any device could claim to be { $client }.
device-compare = Does your device show this code?
device-warning = Allow only if you started this yourself, on a device in front of you. If another person sent you the code or a link, choose Deny.
device-allowed = You can go back to your device
device-allowed-next = { $client } continues there by itself in a moment. You can close this page.
device-denied = Nothing was allowed
device-denied-next = { $client } gets no access to your account. You can close this page.

## Your account

account-title = Your account
# What this language calls itself.
language-name = English
languages = Languages
skip = Skip to the content
# $page: the name of the page that is shown; a button that opens the list of all pages
menu = Menu: { $page }
next = Next
saved = Saved.
save = Save
problem = There is a problem
error-prefix = Error:
ago-now = just now
ago-minutes = { $minutes ->
    [one] { $minutes } minute ago
   *[other] { $minutes } minutes ago
}
ago-hours = { $hours ->
    [one] { $hours } hour ago
   *[other] { $hours } hours ago
}
ago-days = { $days ->
    [one] { $days } day ago
   *[other] { $days } days ago
}
applications-heading = Your applications
applications-none = No applications yet.
profile-heading = Profile
profile-name = Name
profile-name-refused = Choose a shorter name, without invisible characters.
profile-language = Language
profile-language-any = As my browser
profile-zone = Time zone
profile-zone-any = Not set
profile-id = ID
profile-fixed = What you cannot change
profile-managed = Managed by { $operator }.
profile-email = E-mail address
profile-email-verified = Confirmed.
profile-email-unverified = Not confirmed yet.
profile-email-none = You have no e-mail address.
profile-email-change = Change e-mail address
profile-email-new = New e-mail address
profile-email-refused = Type an e-mail address such as name@example.com.
profile-email-advice = You get a link there. Your address changes when you open it and confirm.
profile-email-send = Send link
profile-email-sent = Look in your mail: a link is on its way to { $email }.
data-heading = Your data
data-what = A file with your profile, your groups, your devices, your connected applications and your sign-ins.
data-download = Download my data
data-delete = Delete account
data-delete-what = You are signed out everywhere, and every application loses its access. This cannot be undone.
data-delete-type = Type your username, { $account }, to delete your account
data-delete-another-name = That is another username. Nothing was deleted.
data-delete-last = You are the only administrator. Make another person an administrator first.
security-heading = Ways to sign in
security-password-set = You can sign in with a password.
security-password-none = You have no password yet.
security-password-change = Change password
security-password-choose = Choose a password
security-password-others = Applications there lose their access until you sign in again.
security-password-changed = Your password is changed.
security-app-on = After your password we ask for a code.
security-app-off = Your password alone signs you in.
security-app-add = Add an authenticator app
security-app-change = Change
devices-heading = Where you’re signed in
devices-advice = Sign out of what you do not use any more, or do not know.
devices-this = This device
devices-sign-out-elsewhere = Sign out everywhere else
devices-signed-out = Signed out on that device.
# $devices: a whole number
devices-signed-out-elsewhere = { $devices ->
    [0] You were signed in nowhere else.
    [one] Signed out on { $devices } other device.
   *[other] Signed out on { $devices } other devices.
}
# $browser and $system: names of products, such as Firefox and Windows
device-browser-on = { $browser } on { $system }
device-unknown = Another browser
device-address = Address
device-signed-in = Signed in
device-used = Last active
connections-heading = Connected applications
connections-advice = These applications may use your account, also without asking you again.
connections-none = No application has access.
connections-permissions = What it may do
connections-since = Since
connections-used = Last used
connections-withdraw = Withdraw access
connections-withdrawn = { $client } no longer has access.
activity-heading = Activity
activity-caption = Your sign-ins, the latest first
activity-none = Nothing happened yet.
activity-what = What
activity-when = When
activity-device = Device
activity-signed-in = You signed in
activity-wrong-password = A wrong password was typed
activity-disabled = Your account was disabled, so you could not sign in
activity-locked-out = Signing in was stopped for a while, after too many attempts
activity-password-changed = Your password was changed
activity-link-used = A link from a mail or an administrator was used
activity-unlocked = An administrator let you sign in again
activity-wrong-code = A wrong second-step code was typed
activity-recovery-code = A recovery code was used
activity-factor-added = An authenticator app was turned on
activity-factor-removed = The authenticator app was turned off
activity-not-you = Wasn’t you?
activity-not-you-next = Sign out everywhere else, and change your password.

## Signing out

logout-heading = Do you want to sign out?
logout-client = { $client } asks to sign you out.
logout-stay = Stay signed in
logged-out-title = Signed out
logged-out-heading = You are signed out
logged-out-close = Your session here has ended. You can close this page.
logged-out-wait = Your session here has ended. You will be taken back in a moment.
logged-out-continue = Continue to { $client }
not-signed-in-heading = You were not signed in here
not-signed-in-close = No session was ended. You can close this page.
# What a screen reader says of the frames in which applications end their own sessions.
logged-out-frame = Signing out

## Back to the application

return-heading = Returning to the application
return-impossible = The address of the application cannot receive this answer.

## A new password

# $characters: a whole number, at least 8
password-short = Choose a password of at least { $characters } characters.
password-long = Choose a password of at most 1024 bytes.
password-control = Choose a password without control characters, such as tabs.
password-common = Many people use a password like this. Choose another.
password-username = The password must not be the username.
password-email = The password must not be the e-mail address.
password-personal = This password can be guessed from a name or an e-mail address. Choose other words.
password-word = One word or name is guessed quickly. Use three or four words that do not belong together.
password-row = Rows such as qwerty, abc or 123 are guessed quickly. Use three or four words that do not belong together.
password-repetition = Repeated characters or words are guessed quickly. Use three or four words that do not belong together.
password-date = Dates and years are guessed quickly. Use three or four words that do not belong together.
password-guessable = This password is guessed quickly. Use three or four words that do not belong together.

## The first administrator

setup-title = Set up this server
setup-heading = Create the first administrator
setup-advice = This account can change everything on this server. The link you opened works once.
setup-password-advice = A long phrase is stronger than a short word with odd characters.
setup-password-confirm = Confirm password
setup-create = Create administrator
setup-username-invalid = Choose a username of 1 to 128 letters and digits. Signs such as . _ - @ are fine.
setup-username-taken = That username is taken.
setup-passwords-differ = The two passwords do not match.
setup-done-title = Set up
setup-done-heading = This server is ready
setup-done-next = The administrator { $account } has been created, and the set-up link no longer works.
setup-over = Already set up. Sign in.

## One-time links

new-password = New password
invite-title = Accept your invitation
invite-heading = Welcome
invite-advice = You are invited to an account at { $server }. Choose a password to begin.
invite-accept = Accept
invite-done = Your account is ready
invite-done-next = Sign in as { $account } with your new password.
invite-over-next = Sign in if you have chosen a password. If not, ask the person who invited you for a new link.
reset-title = Set a new password
reset-heading = Set a new password
reset-advice = For your account at { $server }.
reset-set-password = Set password
reset-warning = You will be signed out everywhere, and applications will lose their access until you sign in again.
reset-done = Your password is changed
reset-done-next = { $account } is signed out everywhere. Sign in with your new password.
reset-over-next = Sign in, or ask for a new link.
verify-title = Confirm your e-mail address
verify-heading = Confirm your e-mail address
verify-advice = For your account at { $server }.
verify-address = New e-mail address
verify-confirm = Confirm address
verify-warning = If this is not your account, close this page. Nothing changes then.
verify-done = Your e-mail address is confirmed
verify-done-next = It belongs to the account { $account } now. You can close this page.
verify-over-next = If your address has not changed yet, ask for a new link.
link-over-title = This link no longer works
link-over = This link was used already or has expired

## Mails

# After these come the account, times and addresses, each on a line of its own. No mail is signed, and subjects have no names of people.
mail-account = Account
mail-when = When
mail-from-address = From the address
mail-link-until = The link works once, until
mail-link-bare = If the button does nothing, open this link:
mail-invite-subject = Your account at { $server }
mail-invite-text = You are invited to an account at { $server }. Choose a password to begin.
mail-invite-button = Choose a password
mail-invite-ignore = If you did not expect this invitation, delete this mail.
mail-reset-subject = Set a new password
mail-reset-text = Someone asked for a new password for your account at { $server }.
mail-reset-button = Set a new password
mail-reset-ignore = If it was not you, there is nothing to do. Your password stays as it is.
mail-verify-subject = Confirm your e-mail address
mail-verify-text = This address was given for an account at { $server }. Confirm it to use it there.
mail-verify-button = Confirm address
mail-verify-ignore = If this is not your account, delete this mail. Nothing changes then.
mail-password-subject = Your password was changed
mail-password-text = The password of your account at { $server } was changed.
mail-email-subject = Your e-mail address was changed
mail-email-text = Your account at { $server } has another e-mail address now. This address gets no more mails.
mail-factor-added-subject = A second step was added to your account
mail-factor-added-text = From now on, signing in to { $server } asks for a code from an authenticator app after your password.
mail-factor-removed-subject = The second step was removed from your account
mail-factor-removed-text = From now on, signing in to { $server } no longer asks for a code from an authenticator app.
mail-notice-next = If this was you, there is nothing to do. If not, tell the people who run this server at once.
mail-test-subject = Test mail: it works
mail-test-text = { $server } can send mails to this address.
mail-test-next = There is nothing to do.

## A forgotten password

forgot-password = Forgot password?
forgot-title = Forgot your password?
forgot-heading = Forgot your password?
forgot-advice = Enter your e-mail address or your username. You get a link to set a new password.
forgot-name = E-mail address or username
forgot-send = Send link
forgot-sent-title = Look in your mail
forgot-sent-heading = Look in your mail
forgot-sent = If that address has an account, a link is on its way.
forgot-sent-next = It works for one hour. If nothing comes, look in your spam folder, or ask the people who run this server.
forgot-back = Back to sign-in

## Errors

error-refused-heading = The application sent a wrong request
error-refused = It asked for something that this server cannot do. Tell the people who run the application.
error-unknown-application-heading = This application is not known here
error-unknown-application = People can use it to sign in once it is registered on this server. Tell the people who run the application.
error-expired-heading = This page has expired
error-start-again = It was used already, was open for too long, or belongs to another browser. Go back to the application and start again.
error-allow-cookies-heading = This page needs cookies
error-allow-cookies = Your browser sent no cookies of this server, or the page belongs to another browser. Allow cookies for this site. Then go back to the application and start again.
error-enter-code-again = It was open for too long or belongs to another browser. Enter the code of your device again.
error-sign-out-again = It was open for too long. Sign out again.
error-set-up-link-heading = This set-up link no longer works
error-set-up-link = It was used or has expired. Restart the server for a new one.
error-use-pkce-heading = This application is not protected enough
error-use-pkce = It does not protect its sign-in requests as this server requires (PKCE). Tell the people who run the application; the people who run this server can exempt it.
error-open-link-again = It was open for too long. Open the link again.
error-open-account-again = It was open for too long or belongs to another browser. Open your account and try again.
error-nothing-here-heading = There is nothing at this address
error-nothing-here = Check the address for typing mistakes, or go on from the start page.
error-too-many-attempts-heading = Too many attempts
error-too-many-attempts = Wait a while and try again.
error-unavailable-heading = This server cannot answer at the moment
error-unavailable = Wait a moment and try again.
error-mistake-heading = This server made a mistake
error-mistake = Try again. If it happens again, give the reference below to the people who run this server.
error-home = Go to the start page
# Before a technical sentence that is always in English.
error-for-developers = For developers
error-reference = Reference
error-what-to-do = What to do with this reference
error-way-back = The answer belongs to { $host }. Continue there only if you trust it.

## What a reference is for

reference-title = Error reference
reference-what = A reference names one answer of this server. It holds nothing secret and is safe to share.
reference-user = If you were signing in
reference-user-advice = Go back to the application and start again. If it happens again, give this reference to the people who run the application.
reference-developer = If you build the application
reference-developer-redirect-uri = The redirect URI is registered for the client, exactly as it was sent.
reference-developer-client = The client’s id, its secret or key, and its authentication method are those it was registered with.
reference-developer-allowed = The grant type, the response type and every scope are allowed to the client.
reference-developer-code = The code is used once, within its lifetime, with the PKCE verifier that belongs to it.
reference-developer-clocks = The clocks of both machines are right.
reference-operator = If you run this server
reference-operator-advice = Search its log for this reference. The full reason is written there and nowhere else.
reference-operator-pkce = Is a code_challenge missing? Let the application use PKCE with S256. If it cannot, exempt it: client update ID --no-require-pkce. Public clients cannot be exempted.

## The second step of signing in

# The heading and the title.
second-step = One more step
second-step-app = Your authenticator app shows a code for this account. Type it here.
second-step-app-code = Code from your authenticator app
second-step-app-wrong = That code is wrong or used. Wait for the next one.
second-step-recovery = Type one of the recovery codes that you saved. Each works once.
second-step-recovery-code = Recovery code
second-step-recovery-wrong = That recovery code is wrong or used. Try another one.
# The label of a link, below the field for the code of the app.
second-step-use-recovery = Use a recovery code
# The label of a link, below the field for a recovery code.
second-step-use-app = Use your authenticator app
second-step-expired = That took too long. Sign in again.

## The authenticator app and the recovery codes

app-title = Authenticator app
app-add-heading = Add a second step
app-add-needed = You need a second step to sign in here: a code from an app on your phone.
app-scan = Scan this picture with an authenticator app. Then type the code that the app shows.
# What a screen reader says of the picture.
app-picture = The key as a picture for your authenticator app
app-key = Or type this key into the app:
app-open = Open in an app on this device
app-code = Code
app-turn-on = Turn on
app-wrong = That code is wrong. Wait for the next one.
# $minutes: a whole number, at least 1
app-clock-slow = { $minutes ->
    [one] Your phone’s clock is { $minutes } minute slow. Set it to automatic, then type the next code.
   *[other] Your phone’s clock is { $minutes } minutes slow. Set it to automatic, then type the next code.
}
app-clock-fast = { $minutes ->
    [one] Your phone’s clock is { $minutes } minute fast. Set it to automatic, then type the next code.
   *[other] Your phone’s clock is { $minutes } minutes fast. Set it to automatic, then type the next code.
}
app-on = Your authenticator app is turned on. After your password we ask for its code.
app-turn-off = Turn off
app-turn-off-what = Your password alone then signs you in, and your recovery codes no longer work.
codes-title = Recovery codes
codes-advice = A recovery code signs you in when you do not have your phone. Each code works once. Keep them with your important papers.
codes-now = Shown only now. Copy them before you leave this page.
codes-saved = I have saved them
# $codes: a whole number, at least 0
codes-left = { $codes ->
    [one] You have { $codes } code left.
   *[other] You have { $codes } codes left.
}
codes-make = Make new codes
codes-make-what = The codes that you have now stop working.

register-link = Create an account
register-title = Create an account
register-advice = You get a mail with a link. Your account is ready when you have opened it.
register-create = Create account
register-domain = Accounts here are for other e-mail addresses. Use the one of your organisation.
register-sent-next = If you can have an account with that address, a link is on its way. It works for one day. If nothing comes, look in your spam folder.
register-confirm-title = Finish creating your account
register-confirm-password = You opened the link in another browser. Type the password that you chose.
register-confirm-warning = If you did not ask for this account, close this page. Nothing is created then.
register-wrong-password = That is not the password that you chose. Try again, or create the account anew.
register-waiting-heading = Your account has to be approved
register-waiting = Somebody who runs this server looks at it. Sign in when they have told you.
register-over-next = Sign in if your account is ready. If not, create it anew.
register-invited-heading = Accounts are by invitation
register-invited = Ask the people who run this server for an invitation.
mail-register-subject = Finish creating your account
# $server: the operator's name, or the host
mail-register-text = Someone asked for an account at { $server } with this address. Open the link to create it.
mail-register-button = Create account
mail-register-ignore = If it was not you, there is nothing to do. No account is created then.
mail-exists-subject = You have an account already
# $server: the operator's name, or the host
mail-exists-text = Someone asked for an account at { $server } with this address, which has one.
mail-exists-button = Sign in
mail-exists-ignore = If it was not you, there is nothing to do. If you forgot the password, ask for a new one on the sign-in page.

codes-no-app = Add a passkey or turn on an authenticator app first. Then you get recovery codes.

## Passkeys

passkey-sign-in = Sign in with a passkey
passkey-none = No passkey was used. Try again, or use your password.
passkey-unknown = This passkey is not known here. Sign in another way.
passkey-refused = This passkey was not accepted. Sign in another way.
passkey-unsupported = Passkeys need JavaScript, and a browser that supports them.
passkey-add-needed = You need a second step to sign in here: a passkey, or a code from an app on your phone.
passkeys-title = Passkeys
passkeys-advice = Your fingerprint, face or screen lock signs you in. Nothing to remember.
passkeys-add = Add a passkey
# $name: the name of the passkey
passkeys-added = You can sign in with { $name } now.
passkeys-removed = The passkey is removed. Delete it on your device, too.
passkeys-not-made = No passkey was added. Try again.
passkeys-known = This device has a passkey for your account already.
passkeys-impossible = Passkeys are not possible here: they need https and a server that is reached by a name, not by a number.
# $passkeys: a whole number
passkeys-too-many = { $passkeys ->
    [one] You have { $passkeys } passkey, and no more are possible. Remove it first.
   *[other] You have { $passkeys } passkeys, and no more are possible. Remove one first.
}
# The label of a link.
passkeys-codes = Make recovery codes, in case you lose your passkey
passkeys-made = Added
passkeys-rename = Rename
passkeys-name = Name
# $characters: a whole number
passkeys-name-refused = { $characters ->
    [one] Choose a name of { $characters } visible character.
   *[other] Choose a name of at most { $characters } visible characters.
}
passkeys-remove = Remove passkey
passkeys-last = This is your only way to sign in. Before you remove it, add another passkey or choose a password.
passkeys-on-devices = On your devices
passkeys-on-security-key = On a security key
# $passkeys: a whole number, at least 1
security-passkeys = { $passkeys ->
    [one] You can sign in with { $passkeys } passkey.
   *[other] You can sign in with { $passkeys } passkeys.
}
security-app-none = No app is turned on.
app-turn-off-passkeys = Your passkeys and your recovery codes go on working.
second-step-passkey = Use your passkey: your fingerprint, face or screen lock confirms that it is you.
second-step-use-passkey = Use your passkey
second-step-passkey-none = No passkey was used. Try again, or choose another way.
second-step-passkey-wrong = This passkey was not accepted. Try again, or choose another way.
activity-passkey-signed-in = You signed in with a passkey
activity-passkey-refused = A passkey was not accepted
activity-passkey-added = A passkey was added
activity-passkey-removed = A passkey was removed
mail-passkey-added-subject = A passkey was added to your account
mail-passkey-added-text = From now on, it signs you in to { $server }. After your password, too, we ask for a passkey.
mail-passkey-removed-subject = A passkey was removed from your account
mail-passkey-removed-text = From now on, it no longer signs you in to { $server }.
