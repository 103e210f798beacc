
## A page for administrators

forbidden-heading = Diese Seite ist für Administratoren
forbidden-what = Ihr Konto darf diesen Server nicht verwalten.

## The pages of administrators

admin-title = Verwaltung
admin-dashboard = Übersicht
admin-people = Personen
admin-groups = Gruppen
admin-apps = Anwendungen
admin-apis = Schnittstellen (APIs)
admin-tokens = Registrierungstoken
admin-keys = Signaturschlüssel
admin-settings = Einstellungen

## On several of these pages

admin-locked = Sie können hier alles ansehen.
admin-unlock = Neu anmelden, um etwas zu ändern
admin-search = Suchen
admin-clear = Suche leeren
admin-first = Erste Seite
admin-any = Alle
admin-none = Nichts
admin-yes = Ja
admin-no = Nein
admin-action = Aktion
admin-status = Zustand
admin-since = Seit
admin-expires = Gültig bis
admin-used = Benutzt
admin-value = Wert
admin-more = Mehr
admin-kind = Art
admin-state-active = Aktiv
admin-state-enabled = Freigegeben
admin-state-disabled = Gesperrt
admin-state-invited = Eingeladen
admin-state-over = Verbraucht oder abgelaufen
admin-disable = Sperren
admin-enable = Freigeben
admin-delete = Löschen
admin-ending = Sperren oder löschen
admin-disable-instead = Stattdessen sperren und später entscheiden
admin-delete-heading = { $name } löschen?
admin-type-name = Geben Sie zur Bestätigung { $name } ein
admin-other-name = Das ist ein anderer Name. Nichts wurde gelöscht.
admin-no-match = Nichts passt. Leeren Sie die Suche, oder geben Sie weniger ein.
admin-unknown = Vielleicht wurde es inzwischen gelöscht.
admin-stale = Jemand hat das inzwischen geändert. Vergleichen Sie, und speichern Sie noch einmal.
admin-now = Inzwischen steht hier: { $value }
admin-refused = Das lässt sich nicht speichern.
admin-not-json = Schreiben Sie ein JSON-Objekt wie im Hinweis, oder lassen Sie das Feld leer.
admin-shown-once = Nur jetzt zu sehen. Kopieren Sie es, bevor Sie diese Seite verlassen.
admin-created = { $name } ist angelegt.
admin-deleted = { $name } ist gelöscht.
admin-disabled-done = { $name } ist gesperrt.
admin-enabled-done = { $name } ist wieder freigegeben.

## The overview

admin-welcome = Dieser Server ist neu. Drei Schritte machen ihn nützlich.
admin-step-app = Verbinden Sie die erste Anwendung, bei der sich Personen anmelden.
admin-step-people = Laden Sie die Personen ein, die sie benutzen.
admin-step-factor = Schützen Sie Ihr eigenes Konto mit einem zweiten Schritt.
admin-warn-factor = Ihr eigenes Konto hat keinen zweiten Schritt. Wer Ihr Passwort erfährt, kann diesen Server verwalten.
admin-warn-mail = Es ist keine E-Mail eingerichtet. Sie übergeben Links selbst, und niemand kann ein vergessenes Passwort allein ersetzen.
admin-counts-caption = Anmeldungen, und was sie verhindert hat
admin-day = 24 Stunden
admin-month = 30 Tage
admin-server = Dieser Server
admin-key-age = Schlüssel { $algorithm }, signiert seit
admin-version = Version

## People

admin-people-caption = Alle, die sich anmelden können
admin-people-search = Benutzername oder E-Mail beginnt mit
admin-people-none = Noch kann sich niemand anmelden.
admin-group = Gruppe
admin-last-sign-in = Letzte Anmeldung
admin-person = Wer
admin-person-new = Person einladen
admin-person-new-what = Die Person wählt ihr Passwort mit einem Link, der einmal funktioniert. Sie sehen es nie.
admin-invite = Einladen
admin-invite-by-mail = Der Link geht an diese Adresse. Ohne Adresse sehen Sie den Link und übergeben ihn.
admin-invite-by-hand = Sie sehen den Link einmal und übergeben ihn, weil keine E-Mail eingerichtet ist.
admin-person-open = Zu dieser Person
admin-given-name = Vorname
admin-family-name = Nachname
admin-phone = Telefonnummer
admin-email-verified = Die Adresse ist bestätigt
admin-email-taken = Eine andere Person hat diese Adresse.
admin-custom-claims = Weitere Angaben
admin-custom-claims-hint = Ein JSON-Objekt, zum Beispiel mit den Namen department und employee_number. Anwendungen sehen eine Angabe, wenn eine Berechtigung sie öffnet.
admin-claim-has-field = { $claim } hat ein eigenes Feld oder lässt sich hier nicht setzen.
admin-last-administrator = Niemand sonst kann sich als Administrator anmelden. Machen Sie zuerst eine andere Person zum Administrator.
admin-person-no-groups = Noch in keiner Gruppe.
admin-description = Beschreibung
admin-member-add = Zur Gruppe hinzufügen
admin-member-remove = Aus der Gruppe nehmen
admin-member-added = { $name } ist in der Gruppe.
admin-member-removed = { $name } ist nicht mehr in der Gruppe.
admin-role = Rolle
admin-administrator = Verwaltet diesen Server
admin-administrator-what = Darf jede Person, jede Anwendung und jeden Schlüssel dieses Servers ändern.
admin-sign-in = Anmeldung
admin-password-set = Hat ein Passwort
admin-password-none = Hat noch kein Passwort
admin-app-on = Wird nach dem Code einer App gefragt
admin-app-off = Ist nicht eingerichtet
admin-invitation = Einladung
admin-invitation-what = Ein neuer Link, mit dem ein Passwort gewählt wird. Ein früherer funktioniert nicht mehr.
admin-invite-again = Neue Einladung erstellen
admin-reset = Passwort vergessen
admin-reset-what = Ein Link, mit dem diese Person ein neues Passwort setzt. Er funktioniert einmal und meldet sie überall ab.
admin-reset-make = Link erstellen
admin-link = Der Link
admin-link-heading = Ein Link für { $name }
admin-lock = Ausgesperrt
admin-lock-what = Nach zu vielen falschen Passwörtern ist eine Weile kein Versuch möglich. Sie können dieser Person sofort wieder Versuche erlauben.
admin-lock-open = Entsperren
admin-unlocked = { $name } kann sich wieder anmelden.
admin-factors = Telefon verloren
admin-factors-what = Entfernt die Authenticator-App und die Wiederherstellungscodes. Bis eine neue hinzukommt, genügt das Passwort zur Anmeldung.
admin-factors-reset = Zweiten Schritt entfernen
admin-factors-removed = { $name } hat keinen zweiten Schritt mehr.
admin-devices = Geräte
admin-devices-none = Nirgends angemeldet.
admin-sign-out-everywhere = Überall abmelden
admin-signed-out = { $name } ist überall abgemeldet.
admin-person-disable = { $name } sperren?
admin-person-disable-what = Diese Person wird sofort überall abgemeldet und kann sich nicht anmelden. Sie können sie später wieder freigeben.
admin-person-enable = { $name } freigeben?
admin-person-enable-what = Diese Person kann sich wieder anmelden. Was beendet wurde, bleibt beendet.
admin-person-delete-what = Mit dieser Person verschwinden ihre Anmeldungen, der Zugriff der Anwendungen, ihre Gruppen und ihr Verlauf. Das lässt sich nicht rückgängig machen.

## Groups

admin-groups-caption = Gruppen von Personen
admin-groups-none = Noch keine Gruppen. Eine Gruppe öffnet ihren Mitgliedern Anwendungen.
admin-group-new = Neue Gruppe
admin-group-name = Name für Anwendungen
admin-group-name-hint = Er lässt sich später nicht ändern: An ihm erkennen Anwendungen die Gruppe.
admin-group-create = Gruppe anlegen
admin-group-taken = Eine andere Gruppe hat diesen Namen.
admin-display-name = Name für Personen
admin-details = Über die Gruppe
admin-members-heading = Mitglieder
admin-members-none = Noch ist niemand in dieser Gruppe.
admin-member-add-person = Person hinzufügen
admin-no-such-person = Niemand hat diesen Benutzernamen oder diese E-Mail-Adresse.
admin-group-claims-hint = Ein JSON-Objekt. Jedes Mitglied hat auch diese Angaben.
admin-group-delete-what = Ihre Mitglieder verlieren, was nur diese Gruppe ihnen gab, und Anwendungen, die keine andere Gruppe einlassen, lassen niemanden mehr ein. Das lässt sich nicht rückgängig machen.

## Applications

admin-apps-caption = Anwendungen und Programme
admin-apps-search = Name oder Client-ID beginnt mit
admin-apps-none = Noch keine Anwendungen. Wählen Sie die Art der ersten.
admin-app = Anwendung
admin-app-new = Neue Anwendung
admin-app-new-what = Was für eine Anwendung ist es? Davon hängt ab, wie sie Personen anmeldet.
admin-app-create = Anwendung anlegen
admin-app-result = { $name } kann verbunden werden
admin-app-open = Zu dieser Anwendung
admin-client-id = Client-ID
admin-secret = Client-Geheimnis
admin-issuer = Aussteller
admin-discovery = Angaben für Programme
admin-scope = Berechtigungen
admin-notes = Was Sie über diese Registrierung wissen sollten
admin-kind-web = Webanwendung
admin-kind-web-what = Läuft auf einem Server und kann ein Geheimnis bewahren. Die meisten selbst betriebenen Anwendungen sind von dieser Art.
admin-kind-single-page = Einseitige Webanwendung
admin-kind-single-page-what = Läuft allein im Browser und bewahrt kein Geheimnis.
admin-kind-native = Installierte Anwendung
admin-kind-native-what = Ist auf einem Telefon oder Computer installiert oder läuft auf der Befehlszeile.
admin-kind-device = Gerät
admin-kind-device-what = Hat keinen Browser und keine Tastatur, zum Beispiel ein Fernseher. Angemeldet wird am Telefon.
admin-kind-machine = Maschine
admin-kind-machine-what = Ein Programm, das für sich selbst handelt, ohne eine Person.
admin-kind-api = Schnittstelle (API)
admin-kind-api-what = Ein Dienst, der Token erhält und diesen Server fragt, ob sie gültig sind.
admin-redirect-uris-hint = Eine Adresse je Zeile. Verglichen wird Zeichen für Zeichen, auch der letzte Schrägstrich.
admin-redirect-uris-native-hint = Eine je Zeile: http://127.0.0.1/callback für jeden Port dieses Geräts, oder ein eigenes Schema.
admin-resources-hint = Eine Kennung je Zeile. Leer lassen, wenn sie keine registrierte API aufruft.
admin-jwks-uri-hint = Die https-Adresse ihrer öffentlichen Schlüssel. Damit braucht sie kein Geheimnis.
admin-require-pkce-hint = Lassen Sie das an, außer die Anwendung beherrscht es nicht.
admin-allowed-groups-hint = Eine Gruppe je Zeile. Ohne eine darf niemand hinein.
admin-consent = Zustimmung
admin-consent-ask = Personen fragen, bevor sie Zugriff bekommt
admin-consent-own = Nicht fragen: Es ist unsere eigene Anwendung
admin-entry = Wer hinein darf
admin-entry-everybody = Jeder
admin-entry-groups = Nur Mitglieder dieser Gruppen
admin-advanced-defaults = Erweitert: alles wie vorgegeben
# $members: a whole number, at least 1
admin-advanced-changed = { $members ->
    [one] Erweitert: { $members } geändert
   *[other] Erweitert: { $members } geändert
}
admin-secret-replace = Geheimnis ersetzen
admin-secret-heading = Das Geheimnis von { $name } ersetzen?
admin-secret-what = Das alte Geheimnis gilt sofort nicht mehr, und die Anwendung steht still, bis sie das neue hat.
admin-app-disable = { $name } sperren?
admin-app-disable-what = Niemand kann sich dort anmelden, und alles, was sie erhalten hat, gilt nicht mehr. Sie können sie später wieder freigeben.
admin-app-enable = { $name } freigeben?
admin-app-enable-what = Personen können sich dort wieder anmelden.
admin-app-delete-what = Alle verlieren den Zugang, und die Einstellungen sind weg. Das lässt sich nicht rückgängig machen.
admin-tab-overview = Über die Anwendung
admin-tab-access = Zugang
admin-tab-told = Was sie erfährt
admin-tab-proof = Nachweis
admin-tab-advanced = Erweitert
admin-m-client-name = Bezeichnung
admin-m-logo-uri = Bild
admin-m-client-uri = Webseite
admin-m-initiate-login-uri = Startseite
admin-m-contacts = Kontakte
admin-m-policy-uri = Datenschutzerklärung
admin-m-tos-uri = Nutzungsbedingungen
admin-m-redirect-uris = Rücksprungadressen
admin-m-post-logout-redirect-uris = Adressen nach der Abmeldung
admin-m-require-pkce = Weist nach, dass sie die Anmeldung begonnen hat (PKCE)
admin-m-grant-types = Wege zu Token
admin-m-application-type = Wo sie läuft
admin-m-allow-http-redirect = Darf im lokalen Netz http benutzen
admin-m-allowed-groups = Zugelassene Gruppen
admin-m-scope = Berechtigungen
admin-m-resources = Schnittstellen (APIs)
admin-m-default-resource = Übliche API
admin-m-first-party = Unsere eigene: Personen werden nicht gefragt
admin-m-default-max-age = Älteste Anmeldung in Sekunden
admin-m-default-acr-values = Stärke der Anmeldung
admin-m-id-token-claims = Angaben zur Person stehen im ID-Token
admin-m-backchannel-logout-uri = Erfährt Abmeldungen unter
admin-m-backchannel-session = Die Nachricht nennt die Sitzung
admin-m-frontchannel-logout-uri = Erfährt sie im Browser unter
admin-m-frontchannel-session = Die Nachricht im Browser nennt die Sitzung
admin-m-subject-type = Kennung einer Person: eigene oder gemeinsame
admin-m-sector-identifier-uri = Anwendungen mit gemeinsamen Kennungen
admin-m-require-auth-time = Erfährt immer, wann sich die Person angemeldet hat
admin-m-claim-mapping = Umbenannte Angaben
admin-m-auth-method = Wie sie sich ausweist
admin-m-jwks-uri = Adresse ihrer Schlüssel
admin-m-jwks = Schlüssel
admin-m-auth-alg = Signatur ihrer Nachweise
admin-m-access-token-format = Zugriffstoken
admin-m-access-token-typ = Typ des Zugriffstokens
admin-m-id-token-alg = Signatur des ID-Tokens
admin-m-userinfo-alg = Signatur der Benutzerangaben
admin-m-require-par = Muss ihre Anfragen vorab senden
admin-m-require-request-object = Muss ihre Anfragen signieren
admin-m-request-object-alg = Signatur ihrer Anfragen
admin-m-request-uris = Adressen ihrer Anfragen
admin-m-resource-server = Darf jedes Token prüfen

## The server

admin-keys-what = Mit diesen Schlüsseln prüfen Anwendungen Token. Sie werden planmäßig gewechselt.
admin-keys-caption = Schlüssel, der neueste zuerst
admin-key = Schlüssel
admin-algorithm = Verfahren
admin-made = Erzeugt
admin-key-next = Signiert als nächster
admin-key-current = Signiert jetzt
admin-key-previous = Signiert nicht mehr, seine Token gelten noch
admin-key-retired = Nicht mehr veröffentlicht
admin-keys-rotate = Schlüssel wechseln
admin-keys-rotated = Ab jetzt signieren die nächsten Schlüssel.
admin-rotate-what = Der nächste Schlüssel jedes Verfahrens beginnt zu signieren, und für später wird ein neuer erzeugt.
admin-rotate-why = Warum
admin-rotate-scheduled = Planmäßig: Niemand bemerkt es
admin-rotate-emergency = Sofort: Einige Anwendungen können minutenlang ausfallen
admin-rotate-compromised = Andere kennen einen Schlüssel: Alle müssen sich neu anmelden
admin-rotate-too-fresh = Anwendungen kennen den nächsten Schlüssel vielleicht noch nicht. Versuchen Sie es in fünf Minuten noch einmal.
admin-api = Dienst
admin-apis-what = Dienste, für die Anwendungen Token bekommen. Angelegt und geändert werden sie auf der Befehlszeile: resource create.
admin-apis-none = Keine APIs sind registriert.
admin-identifier = Kennung
admin-permissions = Berechtigungen
admin-token = Das Registrierungstoken
admin-tokens-what = Mit einem solchen Token registriert sich eine Anwendung selbst.
admin-tokens-none = Noch keine Token.
admin-token-new = Neues Registrierungstoken
admin-token-uses = Wie viele Registrierungen
admin-token-days = Wie viele Tage gültig
admin-token-create = Token erstellen
admin-token-number = Geben Sie eine ganze Zahl ein: 1 bis 10000 Registrierungen oder 1 bis 365 Tage.
admin-token-revoke = Token widerrufen
admin-token-revoke-what = Damit kann sich nichts mehr registrieren. Anwendungen, die es getan haben, bleiben.
admin-token-revoked = Das Token ist widerrufen.
admin-settings-what = Sie stammen aus der Konfigurationsdatei und der Umgebung. Eine Änderung braucht einen Neustart.
admin-setting = Einstellung
admin-source = Herkunft
admin-setting-default = Vorgabe

## Activity

admin-sign-ins = Anmeldungen
admin-changes = Änderungen
admin-events-caption = Anmeldungen, die neueste zuerst
admin-event-signed-in = Angemeldet
admin-event-wrong-password = Falsches Passwort
admin-event-disabled = Keine Anmeldung: gesperrt
admin-event-locked-out = Zu viele Versuche
admin-event-password-changed = Passwort geändert
admin-event-link-used = Link benutzt
admin-event-unlocked = Von der Verwaltung entsperrt
admin-event-wrong-code = Falscher Code im zweiten Schritt
admin-event-recovery-code = Wiederherstellungscode benutzt
admin-event-factor-added = Authenticator-App eingeschaltet
admin-event-factor-removed = Authenticator-App ausgeschaltet
admin-event-passkey-signed-in = Mit Passkey angemeldet
admin-event-passkey-refused = Passkey nicht angenommen
admin-event-passkey-added = Passkey hinzugefügt
admin-event-passkey-removed = Passkey entfernt
admin-changes-caption = Was die Verwaltung geändert hat, das Neueste zuerst
admin-changes-search = ID einer Person, einer Anwendung oder eines Schlüssels
admin-change = Änderung
admin-target = Woran
admin-who = Durch
admin-members = Vorher und nachher
# $members: a whole number, at least 4; a click shows them
admin-members-many = { $members ->
    [one] { $members } Wert
   *[other] { $members } Werte
}
admin-actor-command-line = Die Befehlszeile
admin-actor-set-up = Der Einrichtungslink
admin-actor-self-registered = Eine Anwendung selbst
admin-actor-server = Dieser Server selbst
