
## A page for administrators

forbidden-heading = This page is for administrators
forbidden-what = Your account has no right to run this server.

## The pages of administrators

admin-title = Administration
admin-dashboard = Overview
admin-people = People
admin-groups = Groups
admin-apps = Applications
admin-apis = APIs
admin-tokens = Registration tokens
admin-keys = Signing keys
admin-settings = Settings

## On several of these pages

admin-locked = You can look at everything here.
admin-unlock = Sign in again to make changes
admin-search = Search
admin-clear = Clear the search
admin-first = First page
admin-any = Any
admin-none = None
admin-yes = Yes
admin-no = No
admin-action = Action
admin-status = Status
admin-since = Since
admin-expires = Expires
admin-used = Used
admin-value = Value
admin-more = More
admin-kind = Kind
admin-state-active = Active
admin-state-enabled = Enabled
admin-state-disabled = Disabled
admin-state-invited = Invited
admin-state-over = Used up or expired
admin-disable = Disable
admin-enable = Enable
admin-delete = Delete
admin-ending = Disable or delete
admin-disable-instead = Disable instead, and decide later
admin-delete-heading = Delete { $name }?
admin-type-name = Type { $name } to confirm
admin-other-name = That is another name. Nothing was deleted.
admin-no-match = Nothing matches. Clear the search, or type less.
admin-unknown = It may have been deleted meanwhile.
admin-stale = Somebody changed this meanwhile. Compare and save again.
admin-now = By now it is: { $value }
admin-refused = This cannot be saved.
admin-not-json = Write a JSON object, such as the one in the hint, or leave this empty.
admin-shown-once = Shown only now. Copy it before you leave this page.
admin-created = { $name } is created.
admin-deleted = { $name } is deleted.
admin-disabled-done = { $name } is disabled.
admin-enabled-done = { $name } is enabled again.

## The overview

admin-welcome = This server is new. Three steps make it useful.
admin-step-app = Connect the first application that people sign in to.
admin-step-people = Invite the people who will use it.
admin-step-factor = Protect your own account with a second step.
admin-warn-factor = Your own account has no second step. Whoever learns your password can run this server.
admin-warn-mail = No mail is set up. You hand links to people yourself, and nobody can reset a forgotten password alone.
admin-counts-caption = Sign-ins and what stopped them
admin-day = 24 hours
admin-month = 30 days
admin-server = This server
admin-key-age = { $algorithm } key, signing since
admin-version = Version

## People

admin-people-caption = Everybody who can sign in
admin-people-search = Username or e-mail begins with
admin-people-none = Nobody can sign in yet.
admin-group = Group
admin-last-sign-in = Last sign-in
admin-person = Person
admin-person-new = Invite a person
admin-person-new-what = The person chooses a password with a link that works once. You never see it.
admin-invite = Invite
admin-invite-by-mail = The link is mailed to this address. Without an address you see the link and hand it over.
admin-invite-by-hand = You see the link once and hand it over, because no mail is set up.
admin-person-open = Go to this person
admin-given-name = Given name
admin-family-name = Family name
admin-phone = Phone number
admin-email-verified = The address is confirmed
admin-email-taken = Another person has this address.
admin-custom-claims = Further facts
admin-custom-claims-hint = A JSON object, for example with the names department and employee_number. Applications see a fact if a permission opens it.
admin-claim-has-field = { $claim } has its own field or cannot be set here.
admin-last-administrator = This is the only administrator who can sign in. Make another person an administrator first.
admin-person-no-groups = In no group yet.
admin-description = Description
admin-member-add = Add to group
admin-member-remove = Remove from group
admin-member-added = { $name } is in the group.
admin-member-removed = { $name } is no longer in the group.
admin-role = Role
admin-administrator = Administrator
admin-administrator-what = May change every person, application and key on this server.
admin-sign-in = Sign-in
admin-password-set = Has a password
admin-password-none = Has no password yet
admin-app-on = Is asked for a code of an app
admin-app-off = Is not set up
admin-invitation = Invitation
admin-invitation-what = A new link to choose a password. An earlier one stops working.
admin-invite-again = Make a new invitation
admin-reset = Forgotten password
admin-reset-what = A link with which this person sets a new password. It works once, and signs them out everywhere.
admin-reset-make = Make a link
admin-link = Link
admin-link-heading = A link for { $name }
admin-lock = Locked out
admin-lock-what = After too many wrong passwords nobody can try for a while. You can let this person try again now.
admin-lock-open = Unlock
admin-unlocked = { $name } can try to sign in again.
admin-factors = Lost phone
admin-factors-what = Removes the authenticator app and the recovery codes. Until a new one is added, the password alone signs this person in.
admin-factors-reset = Remove the second step
admin-factors-removed = { $name } has no second step any more.
admin-devices = Devices
admin-devices-none = Signed in nowhere.
admin-sign-out-everywhere = Sign out everywhere
admin-signed-out = { $name } is signed out everywhere.
admin-person-disable = Disable { $name }?
admin-person-disable-what = This person is signed out everywhere at once and cannot sign in. You can enable them later.
admin-person-enable = Enable { $name }?
admin-person-enable-what = This person can sign in again. What ended stays ended.
admin-person-delete-what = Sessions, access of applications, groups and the sign-in history go with this person. This cannot be undone.

## Groups

admin-groups-caption = Groups of people
admin-groups-none = No groups yet. A group opens applications to its members.
admin-group-new = New group
admin-group-name = Name for applications
admin-group-name-hint = It cannot be changed later: applications know the group by it.
admin-group-create = Create group
admin-group-taken = Another group has this name.
admin-display-name = Name for people
admin-details = About the group
admin-members-heading = Members
admin-members-none = Nobody is in this group yet.
admin-member-add-person = Add person
admin-no-such-person = Nobody has this username or e-mail address.
admin-group-claims-hint = A JSON object. Every member has these facts too.
admin-group-delete-what = Its members lose what only this group gave them, and applications that let in no other group let nobody in. This cannot be undone.

## Applications

admin-apps-caption = Applications and programs
admin-apps-search = Name or client ID begins with
admin-apps-none = No applications yet. Choose the kind of the first one.
admin-app = Application
admin-app-new = New application
admin-app-new-what = What kind of application is it? The kind decides how it signs people in.
admin-app-create = Create application
admin-app-result = { $name } can be connected
admin-app-open = Go to this application
admin-client-id = Client ID
admin-secret = Client secret
admin-issuer = Issuer
admin-discovery = Configuration for programs
admin-scope = Permissions
admin-notes = What to know about this registration
admin-kind-web = Web application
admin-kind-web-what = Runs on a server and can keep a secret. Most applications that people host themselves are of this kind.
admin-kind-single-page = Single-page application
admin-kind-single-page-what = Runs in the browser alone and keeps no secret.
admin-kind-native = Native application
admin-kind-native-what = Is installed on a phone or a computer, or runs at a command line.
admin-kind-device = Device
admin-kind-device-what = Has no browser or keyboard, such as a television. People sign in on their phone.
admin-kind-machine = Machine
admin-kind-machine-what = A program that acts for itself, without a person.
admin-kind-api = API
admin-kind-api-what = A service that receives tokens and asks this server whether they are valid.
admin-redirect-uris-hint = One address on each line. Compared letter by letter, the last slash too.
admin-redirect-uris-native-hint = One on each line: http://127.0.0.1/callback for any port of this device, or a scheme of its own.
admin-resources-hint = One identifier on each line. Leave this empty if it calls no registered API.
admin-jwks-uri-hint = The https address of its public keys. With them it needs no secret.
admin-require-pkce-hint = Leave this on unless the application cannot do it.
admin-allowed-groups-hint = One group on each line. Without any, nobody may enter.
admin-consent = Consent
admin-consent-ask = Ask people before it gets access
admin-consent-own = Do not ask: it is our own application
admin-entry = Who may enter
admin-entry-everybody = Everybody
admin-entry-groups = Only members of these groups
admin-advanced-defaults = Advanced: all defaults
# $members: a whole number, at least 1
admin-advanced-changed = { $members ->
    [one] Advanced: { $members } changed
   *[other] Advanced: { $members } changed
}
admin-secret-replace = Replace the secret
admin-secret-heading = Replace the secret of { $name }?
admin-secret-what = The old secret stops working at once, and the application until it has the new one.
admin-app-disable = Disable { $name }?
admin-app-disable-what = Nobody can sign in to it, and everything it was given stops working. You can enable it later.
admin-app-enable = Enable { $name }?
admin-app-enable-what = People can sign in to it again.
admin-app-delete-what = Everybody loses access, and its settings are gone. This cannot be undone.
admin-tab-overview = About
admin-tab-access = Access
admin-tab-told = What it is told
admin-tab-proof = Proof
admin-tab-advanced = Advanced
admin-m-client-name = Name
admin-m-logo-uri = Logo
admin-m-client-uri = Home page
admin-m-initiate-login-uri = Start page
admin-m-contacts = Contacts
admin-m-policy-uri = Privacy policy
admin-m-tos-uri = Terms of service
admin-m-redirect-uris = Return addresses
admin-m-post-logout-redirect-uris = Addresses after sign-out
admin-m-require-pkce = Proves that it started the sign-in (PKCE)
admin-m-grant-types = Ways to get tokens
admin-m-application-type = Where it runs
admin-m-allow-http-redirect = May use http in the local network
admin-m-allowed-groups = Groups
admin-m-scope = Permissions
admin-m-resources = APIs
admin-m-default-resource = Usual API
admin-m-first-party = Our own: people are not asked for consent
admin-m-default-max-age = Oldest sign-in in seconds
admin-m-default-acr-values = Strength of the sign-in
admin-m-id-token-claims = Facts about the person are in the ID token
admin-m-backchannel-logout-uri = Is told of sign-outs at
admin-m-backchannel-session = The notice names the session
admin-m-frontchannel-logout-uri = Is told in the browser at
admin-m-frontchannel-session = The notice in the browser names the session
admin-m-subject-type = ID of a person: own or shared
admin-m-sector-identifier-uri = Applications that share IDs
admin-m-require-auth-time = Always learns when the person signed in
admin-m-claim-mapping = Renamed facts
admin-m-auth-method = How it proves itself
admin-m-jwks-uri = Address of its keys
admin-m-jwks = Keys
admin-m-auth-alg = Signature of its proofs
admin-m-access-token-format = Access token
admin-m-access-token-typ = Type of the access token
admin-m-id-token-alg = Signature of the ID token
admin-m-userinfo-alg = Signature of user info
admin-m-require-par = Must push its requests
admin-m-require-request-object = Must sign its requests
admin-m-request-object-alg = Signature of its requests
admin-m-request-uris = Addresses of its requests
admin-m-resource-server = May check every token

## The server

admin-keys-what = Applications verify tokens with these keys. They are rotated on schedule.
admin-keys-caption = Keys, the newest first
admin-key = Key
admin-algorithm = Algorithm
admin-made = Made
admin-key-next = Will sign next
admin-key-current = Signs now
admin-key-previous = Signs no more, but its tokens are valid
admin-key-retired = No longer published
admin-keys-rotate = Rotate keys
admin-keys-rotated = The next keys sign from now on.
admin-rotate-what = The next key of each algorithm begins to sign, and another one is made for later.
admin-rotate-why = Why
admin-rotate-scheduled = On schedule: nobody notices
admin-rotate-emergency = At once: some applications may fail for some minutes
admin-rotate-compromised = A key is known to others: everybody has to sign in again
admin-rotate-too-fresh = Applications may not know the next key yet. Try again in five minutes.
admin-api = API
admin-apis-what = Services for which applications get tokens. Add and change them at the command line: resource create.
admin-apis-none = No APIs are registered.
admin-identifier = Identifier
admin-permissions = Permissions
admin-token = Registration token
admin-tokens-what = With such a token an application registers itself.
admin-tokens-none = No tokens yet.
admin-token-new = New registration token
admin-token-uses = How many registrations
admin-token-days = Valid for how many days
admin-token-create = Create token
admin-token-number = Type a whole number: 1 to 10000 registrations, or 1 to 365 days.
admin-token-revoke = Revoke token
admin-token-revoke-what = Nothing can register with it any more. Applications that did stay.
admin-token-revoked = The token is revoked.
admin-settings-what = These come from the configuration file and the environment. A change needs a restart.
admin-setting = Setting
admin-source = Source
admin-setting-default = Default

## Activity

admin-sign-ins = Sign-ins
admin-changes = Changes
admin-events-caption = Sign-ins, the latest first
admin-event-signed-in = Signed in
admin-event-wrong-password = Wrong password
admin-event-disabled = Could not sign in: disabled
admin-event-locked-out = Too many attempts
admin-event-password-changed = Password changed
admin-event-link-used = Link used
admin-event-unlocked = Unlocked by an administrator
admin-event-wrong-code = Wrong second-step code
admin-event-recovery-code = Recovery code used
admin-event-factor-added = Authenticator app turned on
admin-event-factor-removed = Authenticator app turned off
admin-event-passkey-signed-in = Signed in with a passkey
admin-event-passkey-refused = Passkey not accepted
admin-event-passkey-added = Passkey added
admin-event-passkey-removed = Passkey removed
admin-changes-caption = What administrators changed, the latest first
admin-changes-search = ID of a person, application or key
admin-change = Change
admin-target = Of
admin-who = By
admin-members = Before and after
# $members: a whole number, at least 4; a click shows them
admin-members-many = { $members ->
    [one] { $members } value
   *[other] { $members } values
}
admin-actor-command-line = The command line
admin-actor-set-up = The set-up link
admin-actor-self-registered = An application itself
admin-actor-server = This server
