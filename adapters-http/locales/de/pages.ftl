### Die Seiten auf Deutsch. Maßgeblich ist ../en/pages.ftl.

## Auf mehreren Seiten

account = Sie sind als { $account } angemeldet.
account-switch = Nicht { $account }?
allow = Erlauben
deny = Ablehnen
cancel = Abbrechen
continue = Weiter
sign-in = Anmelden
sign-out = Abmelden
username = Benutzername
username-or-email = Benutzername oder E-Mail
password = Passwort
privacy-policy = Datenschutzerklärung
terms-of-service = Nutzungsbedingungen
too-many-attempts = { $minutes ->
    [one] Zu viele Versuche. Bitte versuchen Sie es in { $minutes } Minute noch einmal.
   *[other] Zu viele Versuche. Bitte versuchen Sie es in { $minutes } Minuten noch einmal.
}
footer-support = Brauchen Sie Hilfe? Fragen Sie { $support }.
footer-imprint = Impressum
footer-privacy = Datenschutz

## Anmelden

login-client = um mit { $client } fortzufahren
client-unverified = Diese Anwendung hat sich selbst registriert. Niemand hier hat sie geprüft.
login-wrong = Benutzername und Passwort passen nicht zusammen. Bitte versuchen Sie es noch einmal.
login-ceiling = Für dieses Konto gab es zu viele falsche Passwörter. Melden Sie sich mit einem Browser an, den Sie hier schon benutzt haben, oder bitten Sie die Betreiber dieses Servers, das Konto zu entsperren.
login-expired = Diese Seite ist abgelaufen oder wurde schon benutzt. Melden Sie sich hier an, oder kehren Sie zur Anwendung zurück und beginnen Sie von vorn.
login-confirm = Melden Sie sich noch einmal an, um fortzufahren. Was Sie geöffnet haben, ändert Ihre Anmeldung.
login-deleted = Ihr Konto ist gelöscht.
signed-in-title = Angemeldet
signed-in-heading = Sie sind angemeldet
signed-in-ended = Diese Seite ist abgelaufen oder wurde schon benutzt. Kehren Sie zur Anwendung zurück, um weiterzumachen.
signed-in-home = Hier bleiben
back-to = Zurück zu { $client }

## Jemand darf eine Anwendung nicht benutzen

no-access-title = Kein Zugang
no-access-heading = Sie haben keinen Zugang zu { $client }
no-access-ask = Bitten Sie die Betreiber dieses Servers um Zugang.
no-access-ask-support = Bitten Sie { $support } um Zugang.
no-access-switch = Anderes Konto verwenden

## Eine Anwendung bittet um Zugriff

consent-title = Zugriff erlauben
consent-heading = { $client } bittet um Zugriff auf Ihr Konto
consent-claimable = Jedes Programm auf diesem Gerät könnte sich als { $client } ausgeben.
scopes-heading = Die Anwendung darf dann
scope-openid = Wissen, wer Sie sind, wenn Sie sich anmelden
scope-profile = Ihren Namen und weitere Angaben aus Ihrem Profil sehen
scope-email = Ihre E-Mail-Adresse sehen
scope-address = Ihre Postanschrift sehen
scope-phone = Ihre Telefonnummer sehen
scope-groups = Sehen, zu welchen Gruppen Sie gehören
scope-read = Ihre Daten lesen
scope-write = Ihre Daten ändern
scope-administration = Diesen Server verwalten
administration-warning = Vorsicht: Diese Anwendung möchte die volle Kontrolle über diesen Server. Sie könnte jedes Konto, jede Anwendung und jeden Schlüssel ändern. Erlauben Sie es nur, wenn Sie sicher sind, dass Sie es jetzt brauchen.
scope-other = „{ $scope }“ in Ihrem Namen verwenden
claim-name = Ihren Namen sehen
claim-family-name = Ihren Nachnamen sehen
claim-given-name = Ihren Vornamen sehen
claim-middle-name = Ihren zweiten Vornamen sehen
claim-nickname = Ihren Spitznamen sehen
claim-preferred-username = Ihren Benutzernamen sehen
claim-profile = Die Adresse Ihrer Profilseite sehen
claim-picture = Ihr Bild sehen
claim-website = Die Adresse Ihrer Website sehen
claim-gender = Ihr Geschlecht sehen
claim-birthdate = Ihr Geburtsdatum sehen
claim-zoneinfo = Ihre Zeitzone sehen
claim-locale = Ihre Sprache sehen
claim-updated-at = Sehen, wann Ihr Profil zuletzt geändert wurde
claim-email = Ihre E-Mail-Adresse sehen
claim-email-verified = Sehen, ob Ihre E-Mail-Adresse bestätigt ist
claim-address = Ihre Postanschrift sehen
claim-phone-number = Ihre Telefonnummer sehen
claim-phone-number-verified = Sehen, ob Ihre Telefonnummer bestätigt ist
claim-other = Ihre Angabe „{ $claim }“ sehen
scope-offline = Den Zugriff behalten, während Sie abwesend sind und nachdem Sie sich abgemeldet haben
scope-offline-device = Den Zugriff behalten, während Sie abwesend sind, bis Sie ihn widerrufen
access-ends-minutes = { $minutes ->
    [one] Der Zugriff endet spätestens nach { $minutes } Minute.
   *[other] Der Zugriff endet spätestens nach { $minutes } Minuten.
}
access-ends-hours = { $hours ->
    [one] Der Zugriff endet spätestens nach { $hours } Stunde.
   *[other] Der Zugriff endet spätestens nach { $hours } Stunden.
}
access-ends-days = { $days ->
    [one] Der Zugriff endet spätestens nach { $days } Tag.
   *[other] Der Zugriff endet spätestens nach { $days } Tagen.
}
withdraw = Sie können das später in Ihrem Konto widerrufen.
resources-heading = Der Zugriff gilt für

## Ein Gerät verbinden

device-title = Gerät verbinden
device-advice = Geben Sie den Code ein, den Ihr Gerät anzeigt. Kleinbuchstaben genügen, und den Bindestrich können Sie weglassen.
device-code = Code
device-must-type = Niemand hat die Anwendung geprüft, zu der dieser Link gehört. Darum genügt der Link nicht. Geben Sie den Code nur ein, wenn Sie dies selbst begonnen haben, auf einem Gerät, das Sie vor sich haben. Hat Ihnen jemand den Link geschickt, schließen Sie diese Seite.
device-wrong = Dieser Code ist falsch geschrieben, schon verwendet oder abgelaufen. Bitte sehen Sie auf Ihrem Gerät nach und versuchen Sie es noch einmal.
device-heading = { $client } bittet auf einem Gerät um Zugriff auf Ihr Konto
device-claimable = Jedes Gerät könnte sich als { $client } ausgeben.
device-compare = Zeigt Ihr Gerät diesen Code?
device-warning = Erlauben Sie dies nur, wenn Sie es selbst begonnen haben, auf einem Gerät, das Sie vor sich haben. Hat Ihnen jemand den Code oder einen Link geschickt, lehnen Sie ab.
device-allowed = Sie können zu Ihrem Gerät zurückkehren
device-allowed-next = { $client } macht dort gleich von selbst weiter. Sie können diese Seite schließen.
device-denied = Es wurde nichts erlaubt
device-denied-next = { $client } erhält keinen Zugriff auf Ihr Konto. Sie können diese Seite schließen.

## Ihr Konto

account-title = Ihr Konto
language-name = Deutsch
languages = Sprachen
skip = Zum Inhalt springen
menu = Menü: { $page }
next = Weiter
saved = Gespeichert.
save = Speichern
problem = Es gibt ein Problem
error-prefix = Fehler:
ago-now = gerade eben
ago-minutes = { $minutes ->
    [one] vor { $minutes } Minute
   *[other] vor { $minutes } Minuten
}
ago-hours = { $hours ->
    [one] vor { $hours } Stunde
   *[other] vor { $hours } Stunden
}
ago-days = { $days ->
    [one] vor { $days } Tag
   *[other] vor { $days } Tagen
}
applications-heading = Ihre Anwendungen
applications-none = Noch keine Anwendungen.
profile-heading = Profil
profile-name = Anzeigename
profile-name-refused = Wählen Sie einen kürzeren Namen ohne unsichtbare Zeichen.
profile-language = Sprache
profile-language-any = Wie mein Browser
profile-zone = Zeitzone
profile-zone-any = Nicht festgelegt
profile-id = Kennung
profile-fixed = Was Sie nicht ändern können
profile-managed = Verwaltet von { $operator }.
profile-email = E-Mail-Adresse
profile-email-verified = Bestätigt.
profile-email-unverified = Noch nicht bestätigt.
profile-email-none = Sie haben keine E-Mail-Adresse.
profile-email-change = E-Mail-Adresse ändern
profile-email-new = Neue E-Mail-Adresse
profile-email-refused = Geben Sie eine E-Mail-Adresse wie name@example.com ein.
profile-email-advice = Dorthin kommt ein Link. Ihre Adresse ändert sich, wenn Sie ihn öffnen und bestätigen.
profile-email-send = Link senden
profile-email-sent = Sehen Sie in Ihre E-Mails: Ein Link ist unterwegs an { $email }.
data-heading = Ihre Daten
data-what = Eine Datei mit Ihrem Profil, Ihren Gruppen, Ihren Geräten, Ihren verbundenen Anwendungen und Ihren Anmeldungen.
data-download = Meine Daten herunterladen
data-delete = Konto löschen
data-delete-what = Sie werden überall abgemeldet, und alle Anwendungen verlieren den Zugriff. Das lässt sich nicht rückgängig machen.
data-delete-type = Geben Sie Ihren Benutzernamen { $account } ein, um Ihr Konto zu löschen
data-delete-another-name = Das ist ein anderer Benutzername. Nichts wurde gelöscht.
data-delete-last = Sie sind die einzige Person mit Verwaltungsrechten. Geben Sie sie zuerst einer anderen Person.
security-heading = Anmeldearten
security-password-set = Sie können sich mit einem Passwort anmelden.
security-password-none = Sie haben noch kein Passwort.
security-password-change = Passwort ändern
security-password-choose = Passwort wählen
security-password-others = Anwendungen dort verlieren den Zugriff, bis Sie sich wieder anmelden.
security-password-changed = Ihr Passwort ist geändert.
security-app-on = Nach dem Passwort fragen wir nach einem Code.
security-app-off = Zur Anmeldung genügt Ihr Passwort.
security-app-add = Authenticator-App hinzufügen
security-app-change = Ändern
devices-heading = Wo Sie angemeldet sind
devices-advice = Melden Sie sich auf Geräten ab, die Sie nicht mehr benutzen oder nicht kennen.
devices-this = Dieses Gerät
devices-sign-out-elsewhere = Überall sonst abmelden
devices-signed-out = Auf diesem Gerät abgemeldet.
devices-signed-out-elsewhere = { $devices ->
    [0] Sie waren sonst nirgends angemeldet.
    [one] Auf { $devices } anderen Gerät abgemeldet.
   *[other] Auf { $devices } anderen Geräten abgemeldet.
}
device-browser-on = { $browser } auf { $system }
device-unknown = Ein anderer Browser
device-address = Adresse
device-signed-in = Angemeldet
device-used = Zuletzt benutzt
connections-heading = Verbundene Anwendungen
connections-advice = Diese Anwendungen dürfen Ihr Konto benutzen, auch ohne Sie noch einmal zu fragen.
connections-none = Keine Anwendung hat Zugriff.
connections-permissions = Was sie darf
connections-since = Seit
connections-used = Zuletzt benutzt
connections-withdraw = Zugriff entziehen
connections-withdrawn = { $client } hat keinen Zugriff mehr.
activity-heading = Aktivität
activity-caption = Ihre Anmeldungen, die neueste zuerst
activity-none = Noch ist nichts geschehen.
activity-what = Was
activity-when = Wann
activity-device = Gerät
activity-signed-in = Sie haben sich angemeldet
activity-wrong-password = Ein falsches Passwort wurde eingegeben
activity-disabled = Ihr Konto war gesperrt, daher konnten Sie sich nicht anmelden
activity-locked-out = Die Anmeldung war nach zu vielen Versuchen eine Zeit lang nicht möglich
activity-password-changed = Ihr Passwort wurde geändert
activity-link-used = Ein Link aus einer E-Mail oder von der Verwaltung wurde benutzt
activity-unlocked = Die Verwaltung hat die Anmeldung wieder ermöglicht
activity-wrong-code = Ein falscher Code für den zweiten Schritt wurde eingegeben
activity-recovery-code = Ein Wiederherstellungscode wurde verwendet
activity-factor-added = Eine Authenticator-App wurde eingeschaltet
activity-factor-removed = Die Authenticator-App wurde ausgeschaltet
activity-not-you = Waren Sie das nicht?
activity-not-you-next = Melden Sie sich überall sonst ab, und ändern Sie Ihr Passwort.

## Abmelden

logout-heading = Möchten Sie sich abmelden?
logout-client = { $client } möchte Sie abmelden.
logout-stay = Angemeldet bleiben
logged-out-title = Abgemeldet
logged-out-heading = Sie sind abgemeldet
logged-out-close = Ihre Sitzung ist beendet. Sie können diese Seite schließen.
logged-out-wait = Ihre Sitzung ist beendet. Sie werden gleich zurückgeleitet.
logged-out-continue = Weiter zu { $client }
not-signed-in-heading = Sie waren hier nicht angemeldet
not-signed-in-close = Es wurde keine Sitzung beendet. Sie können diese Seite schließen.
logged-out-frame = Abmeldung läuft

## Zurück zur Anwendung

return-heading = Zurück zur Anwendung
return-impossible = Die Adresse der Anwendung kann diese Antwort nicht entgegennehmen.

## Ein neues Passwort

password-short = Bitte wählen Sie ein Passwort mit mindestens { $characters } Zeichen.
password-long = Bitte wählen Sie ein Passwort mit höchstens 1024 Bytes.
password-control = Bitte wählen Sie ein Passwort ohne Steuerzeichen, zum Beispiel ohne Tabulatoren.
password-common = Viele verwenden ein solches Passwort. Bitte wählen Sie ein anderes.
password-username = Das Passwort darf nicht der Benutzername sein.
password-email = Das Passwort darf nicht die E-Mail-Adresse sein.
password-personal = Dieses Passwort lässt sich aus einem Namen oder einer E-Mail-Adresse erraten. Bitte wählen Sie andere Wörter.
password-word = Ein einzelnes Wort oder ein Name ist schnell erraten. Nehmen Sie drei oder vier Wörter, die nichts miteinander zu tun haben.
password-row = Reihen wie qwertz, abc oder 123 sind schnell erraten. Nehmen Sie drei oder vier Wörter, die nichts miteinander zu tun haben.
password-repetition = Wiederholte Zeichen oder Wörter sind schnell erraten. Nehmen Sie drei oder vier Wörter, die nichts miteinander zu tun haben.
password-date = Ein Datum oder eine Jahreszahl ist schnell erraten. Nehmen Sie drei oder vier Wörter, die nichts miteinander zu tun haben.
password-guessable = Dieses Passwort ist schnell erraten. Nehmen Sie drei oder vier Wörter, die nichts miteinander zu tun haben.

## Der erste Administrator

setup-title = Diesen Server einrichten
setup-heading = Das erste Administratorkonto anlegen
setup-advice = Dieses Konto kann auf diesem Server alles ändern. Der Link, den Sie geöffnet haben, funktioniert einmal.
setup-password-advice = Ein langer Satz ist sicherer als ein kurzes Wort mit Sonderzeichen.
setup-password-confirm = Passwort bestätigen
setup-create = Administratorkonto anlegen
setup-username-invalid = Bitte wählen Sie einen Benutzernamen aus 1 bis 128 Buchstaben und Ziffern. Zeichen wie . _ - @ sind erlaubt.
setup-username-taken = Dieser Benutzername ist schon vergeben.
setup-passwords-differ = Die beiden Passwörter stimmen nicht überein.
setup-done-title = Eingerichtet
setup-done-heading = Dieser Server ist bereit
setup-done-next = Das Administratorkonto { $account } wurde angelegt, und der Einrichtungslink funktioniert nicht mehr.
setup-over = Schon eingerichtet. Melden Sie sich an.

## Links, die einmal funktionieren

new-password = Neues Passwort
invite-title = Einladung annehmen
invite-heading = Willkommen
invite-advice = Sie sind zu einem Konto bei { $server } eingeladen. Wählen Sie zuerst ein Passwort.
invite-accept = Annehmen
invite-done = Ihr Konto ist bereit
invite-done-next = Melden Sie sich als { $account } mit Ihrem neuen Passwort an.
invite-over-next = Melden Sie sich an, wenn Sie schon ein Passwort gewählt haben. Wenn nicht, bitten Sie die Person, die Sie eingeladen hat, um einen neuen Link.
reset-title = Neues Passwort festlegen
reset-heading = Neues Passwort festlegen
reset-advice = Für Ihr Konto bei { $server }.
reset-set-password = Passwort festlegen
reset-warning = Sie werden überall abgemeldet, und Anwendungen haben erst wieder Zugriff, wenn Sie sich neu anmelden.
reset-done = Ihr Passwort ist geändert
reset-done-next = { $account } ist überall abgemeldet. Melden Sie sich mit dem neuen Passwort an.
reset-over-next = Melden Sie sich an, oder fordern Sie einen neuen Link an.
verify-title = E-Mail-Adresse bestätigen
verify-heading = E-Mail-Adresse bestätigen
verify-advice = Für Ihr Konto bei { $server }.
verify-address = Neue E-Mail-Adresse
verify-confirm = Adresse bestätigen
verify-warning = Wenn das nicht Ihr Konto ist, schließen Sie diese Seite. Dann ändert sich nichts.
verify-done = Ihre E-Mail-Adresse ist bestätigt
verify-done-next = Sie gehört jetzt zum Konto { $account }. Sie können diese Seite schließen.
verify-over-next = Wenn Ihre Adresse noch nicht geändert ist, fordern Sie einen neuen Link an.
link-over-title = Dieser Link funktioniert nicht mehr
link-over = Dieser Link wurde schon benutzt oder ist abgelaufen

## E-Mails

mail-account = Konto
mail-when = Wann
mail-from-address = Von der Adresse
mail-link-until = Der Link funktioniert einmal, bis
mail-link-bare = Wenn die Schaltfläche nichts tut, öffnen Sie diesen Link:
mail-invite-subject = Ihr Konto bei { $server }
mail-invite-text = Sie sind zu einem Konto bei { $server } eingeladen. Wählen Sie zuerst ein Passwort.
mail-invite-button = Passwort wählen
mail-invite-ignore = Wenn Sie diese Einladung nicht erwartet haben, löschen Sie diese E-Mail.
mail-reset-subject = Neues Passwort festlegen
mail-reset-text = Für Ihr Konto bei { $server } wurde ein neues Passwort angefordert.
mail-reset-button = Neues Passwort festlegen
mail-reset-ignore = Wenn Sie das nicht waren, müssen Sie nichts tun. Ihr Passwort bleibt, wie es ist.
mail-verify-subject = Bestätigen Sie Ihre E-Mail-Adresse
mail-verify-text = Diese Adresse wurde für ein Konto bei { $server } angegeben. Bestätigen Sie sie, um sie dort zu verwenden.
mail-verify-button = Adresse bestätigen
mail-verify-ignore = Wenn das nicht Ihr Konto ist, löschen Sie diese E-Mail. Dann ändert sich nichts.
mail-password-subject = Ihr Passwort wurde geändert
mail-password-text = Das Passwort Ihres Kontos bei { $server } wurde geändert.
mail-email-subject = Ihre E-Mail-Adresse wurde geändert
mail-email-text = Ihr Konto bei { $server } hat jetzt eine andere E-Mail-Adresse. An diese hier gehen keine E-Mails mehr.
mail-factor-added-subject = Ihr Konto hat jetzt einen zweiten Schritt
mail-factor-added-text = Ab jetzt fragt { $server } bei der Anmeldung nach dem Passwort auch nach einem Code aus einer Authenticator-App.
mail-factor-removed-subject = Der zweite Schritt Ihres Kontos wurde entfernt
mail-factor-removed-text = Ab jetzt fragt { $server } bei der Anmeldung nicht mehr nach einem Code aus einer Authenticator-App.
mail-notice-next = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, sagen Sie sofort den Betreibern dieses Servers Bescheid.
mail-test-subject = Test-E-Mail: Es funktioniert
mail-test-text = { $server } kann E-Mails an diese Adresse senden.
mail-test-next = Sie müssen nichts tun.

## Ein vergessenes Passwort

forgot-password = Passwort vergessen?
forgot-title = Passwort vergessen?
forgot-heading = Passwort vergessen?
forgot-advice = Geben Sie Ihre E-Mail-Adresse oder Ihren Benutzernamen ein. Sie erhalten einen Link, mit dem Sie ein neues Passwort festlegen.
forgot-name = E-Mail-Adresse oder Benutzername
forgot-send = Link senden
forgot-sent-title = Sehen Sie in Ihren E-Mails nach
forgot-sent-heading = Sehen Sie in Ihren E-Mails nach
forgot-sent = Wenn zu dieser Adresse ein Konto gehört, ist ein Link unterwegs.
forgot-sent-next = Er funktioniert eine Stunde lang. Wenn nichts ankommt, sehen Sie bei den unerwünschten E-Mails nach, oder fragen Sie die Betreiber dieses Servers.
forgot-back = Zurück zur Anmeldung

## Fehler

error-refused-heading = Die Anwendung hat eine falsche Anfrage geschickt
error-refused = Sie hat etwas verlangt, das dieser Server nicht tun kann. Bitte wenden Sie sich an die Betreiber der Anwendung.
error-unknown-application-heading = Diese Anwendung ist hier nicht bekannt
error-unknown-application = Man kann sich mit ihr anmelden, sobald sie auf diesem Server registriert ist. Bitte wenden Sie sich an die Betreiber der Anwendung.
error-expired-heading = Diese Seite ist abgelaufen
error-start-again = Sie wurde schon benutzt, war zu lange offen oder gehört zu einem anderen Browser. Kehren Sie zur Anwendung zurück und beginnen Sie von vorn.
error-allow-cookies-heading = Diese Seite braucht Cookies
error-allow-cookies = Ihr Browser hat keine Cookies dieses Servers geschickt, oder die Seite gehört zu einem anderen Browser. Erlauben Sie Cookies für diese Website. Kehren Sie dann zur Anwendung zurück und beginnen Sie von vorn.
error-enter-code-again = Sie war zu lange offen oder gehört zu einem anderen Browser. Geben Sie den Code Ihres Geräts noch einmal ein.
error-sign-out-again = Sie war zu lange offen. Bitte melden Sie sich noch einmal ab.
error-set-up-link-heading = Dieser Einrichtungslink gilt nicht mehr
error-set-up-link = Er wurde schon benutzt oder ist abgelaufen. Starten Sie den Server neu, um einen neuen zu erhalten.
error-use-pkce-heading = Diese Anwendung ist nicht genug geschützt
error-use-pkce = Sie schützt ihre Anmeldeanfragen nicht so, wie dieser Server es verlangt (PKCE). Sagen Sie es den Betreibern der Anwendung; die Betreiber dieses Servers können sie davon ausnehmen.
error-open-link-again = Sie war zu lange offen. Öffnen Sie den Link noch einmal.
error-open-account-again = Sie war zu lange offen oder gehört zu einem anderen Browser. Öffnen Sie Ihr Konto, und versuchen Sie es noch einmal.
error-nothing-here-heading = Unter dieser Adresse gibt es nichts
error-nothing-here = Prüfen Sie, ob die Adresse richtig geschrieben ist, oder gehen Sie zur Startseite.
error-too-many-attempts-heading = Zu viele Versuche
error-too-many-attempts = Bitte warten Sie eine Weile und versuchen Sie es noch einmal.
error-unavailable-heading = Dieser Server kann gerade nicht antworten
error-unavailable = Bitte warten Sie einen Moment und versuchen Sie es noch einmal.
error-mistake-heading = Diesem Server ist ein Fehler unterlaufen
error-mistake = Bitte versuchen Sie es noch einmal. Wenn es wieder geschieht, nennen Sie den Betreibern dieses Servers die Fehlernummer unten.
error-home = Zur Startseite
error-for-developers = Für Entwickler
error-reference = Fehlernummer
error-what-to-do = Wozu diese Fehlernummer dient
error-way-back = Die Antwort gehört { $host }. Gehen Sie nur dorthin weiter, wenn Sie der Anwendung vertrauen.

## Wozu eine Fehlernummer dient

reference-title = Fehlernummer
reference-what = Eine Fehlernummer bezeichnet eine einzelne Antwort dieses Servers. Sie enthält nichts Geheimes und darf weitergegeben werden.
reference-user = Wenn Sie sich anmelden wollten
reference-user-advice = Kehren Sie zur Anwendung zurück und beginnen Sie von vorn. Geschieht es wieder, nennen Sie den Betreibern der Anwendung diese Fehlernummer.
reference-developer = Wenn Sie die Anwendung entwickeln
reference-developer-redirect-uri = Die Redirect-URI ist für den Client registriert, genau so, wie sie gesendet wurde.
reference-developer-client = ID, Geheimnis oder Schlüssel und Authentifizierungsmethode des Clients sind die, mit denen er registriert wurde.
reference-developer-allowed = Grant-Typ, Response-Typ und jeder Scope sind dem Client erlaubt.
reference-developer-code = Der Code wird einmal, innerhalb seiner Lebensdauer und mit dem zugehörigen PKCE-Verifier eingelöst.
reference-developer-clocks = Die Uhren beider Rechner gehen richtig.
reference-operator = Wenn Sie diesen Server betreiben
reference-operator-advice = Suchen Sie in seinem Protokoll nach dieser Fehlernummer. Der genaue Grund steht dort und nirgendwo sonst.
reference-operator-pkce = Fehlt eine code_challenge? Die Anwendung sollte PKCE mit S256 verwenden. Wenn sie das nicht kann, nehmen Sie sie aus: client update ID --no-require-pkce. Öffentliche Clients können nicht ausgenommen werden.

## Der zweite Schritt der Anmeldung

second-step = Noch ein Schritt
second-step-app = Ihre Authenticator-App zeigt einen Code für dieses Konto. Geben Sie ihn hier ein.
second-step-app-code = Code aus Ihrer Authenticator-App
second-step-app-wrong = Dieser Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten.
second-step-recovery = Geben Sie einen der Wiederherstellungscodes ein, die Sie gespeichert haben. Jeder funktioniert einmal.
second-step-recovery-code = Wiederherstellungscode
second-step-recovery-wrong = Dieser Wiederherstellungscode ist falsch oder wurde schon benutzt. Versuchen Sie einen anderen.
second-step-use-recovery = Wiederherstellungscode verwenden
second-step-use-app = Authenticator-App verwenden
second-step-expired = Das hat zu lange gedauert. Melden Sie sich noch einmal an.

## Die Authenticator-App und die Wiederherstellungscodes

app-title = Authenticator-App
app-add-heading = Zweiten Schritt hinzufügen
app-add-needed = Für die Anmeldung brauchen Sie hier einen zweiten Schritt: einen Code aus einer App auf Ihrem Telefon.
app-scan = Scannen Sie dieses Bild mit einer Authenticator-App. Geben Sie dann den Code ein, den die App zeigt.
app-picture = Der Schlüssel als Bild für Ihre Authenticator-App
app-key = Oder geben Sie diesen Schlüssel in der App ein:
app-open = In einer App auf diesem Gerät öffnen
app-code = Code
app-turn-on = Einschalten
app-wrong = Dieser Code ist falsch. Warten Sie auf den nächsten.
app-clock-slow = { $minutes ->
    [one] Die Uhr Ihres Telefons geht { $minutes } Minute nach. Stellen Sie sie auf automatisch und geben Sie dann den nächsten Code ein.
   *[other] Die Uhr Ihres Telefons geht { $minutes } Minuten nach. Stellen Sie sie auf automatisch und geben Sie dann den nächsten Code ein.
}
app-clock-fast = { $minutes ->
    [one] Die Uhr Ihres Telefons geht { $minutes } Minute vor. Stellen Sie sie auf automatisch und geben Sie dann den nächsten Code ein.
   *[other] Die Uhr Ihres Telefons geht { $minutes } Minuten vor. Stellen Sie sie auf automatisch und geben Sie dann den nächsten Code ein.
}
app-on = Ihre Authenticator-App ist eingeschaltet. Nach dem Passwort fragen wir nach ihrem Code.
app-turn-off = Ausschalten
app-turn-off-what = Danach genügt Ihr Passwort zur Anmeldung, und Ihre Wiederherstellungscodes funktionieren nicht mehr.
codes-title = Wiederherstellungscodes
codes-advice = Mit einem Wiederherstellungscode melden Sie sich an, wenn Sie Ihr Telefon nicht haben. Jeder Code funktioniert einmal. Bewahren Sie sie bei Ihren wichtigen Papieren auf.
codes-now = Wird nur jetzt gezeigt. Kopieren Sie die Codes, bevor Sie diese Seite verlassen.
codes-saved = Ich habe sie gespeichert
codes-left = { $codes ->
    [one] Sie haben noch { $codes } Code.
   *[other] Sie haben noch { $codes } Codes.
}
codes-make = Neue Codes erzeugen
codes-make-what = Ihre bisherigen Codes funktionieren dann nicht mehr.

register-link = Konto erstellen
register-title = Konto erstellen
register-advice = Sie erhalten eine E-Mail mit einem Link. Wenn Sie ihn geöffnet haben, ist Ihr Konto bereit.
register-create = Konto erstellen
register-domain = Konten gibt es hier nur mit anderen E-Mail-Adressen. Nehmen Sie die Ihrer Organisation.
register-sent-next = Wenn Sie mit dieser Adresse ein Konto haben können, ist ein Link unterwegs. Er gilt einen Tag. Wenn nichts kommt, sehen Sie im Spam-Ordner nach.
register-confirm-title = Kontoerstellung abschließen
register-confirm-password = Sie haben den Link in einem anderen Browser geöffnet. Geben Sie das Passwort ein, das Sie gewählt haben.
register-confirm-warning = Wenn Sie dieses Konto nicht wollten, schließen Sie diese Seite. Dann wird nichts erstellt.
register-wrong-password = Das ist nicht das Passwort, das Sie gewählt haben. Versuchen Sie es noch einmal, oder erstellen Sie das Konto neu.
register-waiting-heading = Ihr Konto muss noch freigegeben werden
register-waiting = Die Betreiber dieses Servers sehen es sich an. Melden Sie sich an, wenn Sie Bescheid bekommen haben.
register-over-next = Melden Sie sich an, wenn Ihr Konto bereit ist. Wenn nicht, erstellen Sie es neu.
register-invited-heading = Konten gibt es auf Einladung
register-invited = Bitten Sie die Betreiber dieses Servers um eine Einladung.
mail-register-subject = Kontoerstellung abschließen
mail-register-text = Jemand möchte mit dieser Adresse ein Konto bei { $server }. Öffnen Sie den Link, um es zu erstellen.
mail-register-button = Konto erstellen
mail-register-ignore = Wenn Sie das nicht waren, müssen Sie nichts tun. Dann wird kein Konto erstellt.
mail-exists-subject = Sie haben schon ein Konto
mail-exists-text = Jemand möchte mit dieser Adresse ein Konto bei { $server }, aber sie hat schon eines.
mail-exists-button = Anmelden
mail-exists-ignore = Wenn Sie das nicht waren, müssen Sie nichts tun. Wenn Sie das Passwort vergessen haben, fordern Sie auf der Anmeldeseite ein neues an.

codes-no-app = Fügen Sie zuerst einen Passkey hinzu, oder schalten Sie eine Authenticator-App ein. Dann erhalten Sie Wiederherstellungscodes.

## Passkeys

passkey-sign-in = Mit Passkey anmelden
passkey-none = Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder verwenden Sie Ihr Passwort.
passkey-unknown = Dieser Passkey ist hier nicht bekannt. Melden Sie sich auf andere Weise an.
passkey-refused = Dieser Passkey wurde nicht angenommen. Melden Sie sich auf andere Weise an.
passkey-unsupported = Passkeys brauchen JavaScript und einen Browser, der sie unterstützt.
passkey-add-needed = Sie brauchen hier einen zweiten Schritt zur Anmeldung: einen Passkey oder einen Code aus einer App auf Ihrem Telefon.
passkeys-title = Passkeys
passkeys-advice = Ihr Fingerabdruck, Ihr Gesicht oder die Bildschirmsperre meldet Sie an. Sie müssen sich nichts merken.
passkeys-add = Passkey hinzufügen
passkeys-added = Sie können sich jetzt mit { $name } anmelden.
passkeys-removed = Der Passkey ist entfernt. Löschen Sie ihn auch auf Ihrem Gerät.
passkeys-not-made = Es wurde kein Passkey hinzugefügt. Versuchen Sie es noch einmal.
passkeys-known = Dieses Gerät hat schon einen Passkey für Ihr Konto.
passkeys-impossible = Passkeys sind hier nicht möglich: Sie brauchen https und einen Server, der unter einem Namen erreichbar ist, nicht unter einer Nummer.
passkeys-too-many = { $passkeys ->
    [one] Sie haben { $passkeys } Passkey, und mehr sind nicht möglich. Entfernen Sie ihn zuerst.
   *[other] Sie haben { $passkeys } Passkeys, und mehr sind nicht möglich. Entfernen Sie zuerst einen.
}
passkeys-codes = Wiederherstellungscodes erzeugen, falls Sie Ihren Passkey verlieren
passkeys-made = Hinzugefügt
passkeys-rename = Umbenennen
passkeys-name = Name
passkeys-name-refused = { $characters ->
    [one] Wählen Sie einen Namen mit { $characters } sichtbaren Zeichen.
   *[other] Wählen Sie einen Namen mit höchstens { $characters } sichtbaren Zeichen.
}
passkeys-remove = Passkey entfernen
passkeys-last = Nur damit können Sie sich anmelden. Bevor Sie ihn entfernen, fügen Sie einen anderen Passkey hinzu oder wählen Sie ein Passwort.
passkeys-on-devices = Auf Ihren Geräten
passkeys-on-security-key = Auf einem Sicherheitsschlüssel
security-passkeys = { $passkeys ->
    [one] Sie können sich mit { $passkeys } Passkey anmelden.
   *[other] Sie können sich mit { $passkeys } Passkeys anmelden.
}
security-app-none = Keine App ist eingeschaltet.
app-turn-off-passkeys = Ihre Passkeys und Ihre Wiederherstellungscodes funktionieren weiter.
second-step-passkey = Verwenden Sie Ihren Passkey: Ihr Fingerabdruck, Ihr Gesicht oder die Bildschirmsperre bestätigt, dass Sie es sind.
second-step-use-passkey = Passkey verwenden
second-step-passkey-none = Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.
second-step-passkey-wrong = Dieser Passkey wurde nicht angenommen. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.
activity-passkey-signed-in = Sie haben sich mit einem Passkey angemeldet
activity-passkey-refused = Ein Passkey wurde nicht angenommen
activity-passkey-added = Ein Passkey wurde hinzugefügt
activity-passkey-removed = Ein Passkey wurde entfernt
mail-passkey-added-subject = Ihr Konto hat einen neuen Passkey
mail-passkey-added-text = Ab jetzt meldet er Sie bei { $server } an. Auch nach dem Passwort fragen wir nach einem Passkey.
mail-passkey-removed-subject = Ein Passkey Ihres Kontos wurde entfernt
mail-passkey-removed-text = Ab jetzt meldet er Sie nicht mehr bei { $server } an.
