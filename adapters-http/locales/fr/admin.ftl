
## A page for administrators

forbidden-heading = Cette page est réservée aux administrateurs
forbidden-what = Votre compte n’a pas le droit de gérer ce serveur.

## The pages of administrators

admin-title = Gestion du serveur
admin-dashboard = Vue d’ensemble
admin-people = Personnes
admin-groups = Groupes
admin-apps = Les applications
admin-apis = Services (API)
admin-tokens = Jetons d’enregistrement
admin-keys = Clés de signature
admin-settings = Réglages

## On several of these pages

admin-locked = Vous pouvez tout consulter ici.
admin-unlock = Se connecter à nouveau pour modifier
admin-search = Chercher
admin-clear = Vider la recherche
admin-first = Première page
admin-any = Tous
admin-none = Aucun
admin-yes = Oui
admin-no = Non
admin-action = Action
admin-status = État
admin-since = Depuis
admin-expires = Valable jusqu’au
admin-used = Utilisé
admin-value = Valeur
admin-more = Plus
admin-kind = Type
admin-state-active = Actif
admin-state-enabled = Activé
admin-state-disabled = Désactivé
admin-state-invited = Invité
admin-state-over = Épuisé ou expiré
admin-disable = Désactiver
admin-enable = Activer
admin-delete = Supprimer
admin-ending = Désactiver ou supprimer
admin-disable-instead = Plutôt désactiver, et décider plus tard
admin-delete-heading = Supprimer { $name } ?
admin-type-name = Saisissez { $name } pour confirmer
admin-other-name = C’est un autre nom. Rien n’a été supprimé.
admin-no-match = Rien ne correspond. Videz la recherche, ou saisissez-en moins.
admin-unknown = Cela a peut-être été supprimé entre-temps.
admin-stale = Quelqu’un a modifié cela entre-temps. Comparez, puis enregistrez à nouveau.
admin-now = Valeur actuelle : { $value }
admin-refused = Impossible d’enregistrer cela.
admin-not-json = Écrivez un objet JSON comme dans l’indication, ou laissez ce champ vide.
admin-shown-once = Affiché seulement maintenant. Copiez-le avant de quitter cette page.
admin-created = { $name } est créé.
admin-deleted = { $name } est supprimé.
admin-disabled-done = { $name } est désactivé.
admin-enabled-done = { $name } est de nouveau activé.

## The overview

admin-welcome = Ce serveur est neuf. Trois étapes le rendent utile.
admin-step-app = Raccordez la première application à laquelle on se connecte.
admin-step-people = Invitez les personnes qui s’en serviront.
admin-step-factor = Protégez votre propre compte par une deuxième étape.
admin-warn-factor = Votre propre compte n’a pas de deuxième étape. Qui apprend votre mot de passe peut gérer ce serveur.
admin-warn-mail = Aucun envoi de courriels n’est configuré. Vous remettez les liens vous-même, et personne ne peut remplacer seul un mot de passe oublié.
admin-counts-caption = Les connexions et ce qui les a empêchées
admin-day = 24 heures
admin-month = 30 jours
admin-server = Ce serveur
admin-key-age = Clé { $algorithm }, signe depuis
admin-version = Version

## People

admin-people-caption = Toutes les personnes qui peuvent se connecter
admin-people-search = Le nom d’utilisateur ou l’adresse commence par
admin-people-none = Personne ne peut encore se connecter.
admin-group = Groupe
admin-last-sign-in = Dernière connexion
admin-person = Personne
admin-person-new = Inviter une personne
admin-person-new-what = La personne choisit son mot de passe avec un lien qui fonctionne une fois. Vous ne le voyez jamais.
admin-invite = Inviter
admin-invite-by-mail = Le lien est envoyé à cette adresse. Sans adresse, vous voyez le lien et vous le remettez.
admin-invite-by-hand = Vous voyez le lien une fois et vous le remettez, car aucun envoi de courriels n’est configuré.
admin-person-open = Voir cette personne
admin-given-name = Prénom
admin-family-name = Nom de famille
admin-phone = Numéro de téléphone
admin-email-verified = L’adresse est confirmée
admin-email-taken = Une autre personne a cette adresse.
admin-custom-claims = Autres informations
admin-custom-claims-hint = Un objet JSON, par exemple avec les noms department et employee_number. Les applications voient une information si une autorisation l’ouvre.
admin-claim-has-field = { $claim } a son propre champ ou ne peut pas être défini ici.
admin-last-administrator = Personne d’autre ne peut se connecter comme administrateur. Nommez d’abord une autre personne administrateur.
admin-person-no-groups = Dans aucun groupe pour le moment.
admin-description = Description
admin-member-add = Ajouter au groupe
admin-member-remove = Retirer du groupe
admin-member-added = { $name } est dans le groupe.
admin-member-removed = { $name } n’est plus dans le groupe.
admin-role = Rôle
admin-administrator = Administrateur
admin-administrator-what = Peut modifier toutes les personnes, applications et clés de ce serveur.
admin-sign-in = Connexion
admin-password-set = A un mot de passe
admin-password-none = N’a pas encore de mot de passe
admin-app-on = Doit saisir le code d’une application
admin-app-off = N’est pas configurée
admin-invitation = L’invitation
admin-invitation-what = Un nouveau lien pour choisir un mot de passe. L’ancien ne fonctionne plus.
admin-invite-again = Créer une nouvelle invitation
admin-reset = Mot de passe oublié
admin-reset-what = Un lien avec lequel cette personne définit un nouveau mot de passe. Il fonctionne une fois et la déconnecte partout.
admin-reset-make = Créer un lien
admin-link = Lien
admin-link-heading = Un lien pour { $name }
admin-lock = Accès bloqué
admin-lock-what = Après trop de mots de passe erronés, aucun essai n’est possible pendant un moment. Vous pouvez permettre tout de suite un nouvel essai.
admin-lock-open = Débloquer
admin-unlocked = { $name } peut de nouveau essayer de se connecter.
admin-factors = Téléphone perdu
admin-factors-what = Retire l’application d’authentification et les codes de secours. Jusqu’à l’ajout d’une nouvelle, le mot de passe seul suffit.
admin-factors-reset = Retirer la deuxième étape
admin-factors-removed = { $name } n’a plus de deuxième étape.
admin-devices = Appareils
admin-devices-none = Connecté nulle part.
admin-sign-out-everywhere = Déconnecter partout
admin-signed-out = { $name } est déconnecté partout.
admin-person-disable = Désactiver { $name } ?
admin-person-disable-what = Cette personne est aussitôt déconnectée partout et ne peut plus se connecter. Vous pourrez la réactiver.
admin-person-enable = Activer { $name } ?
admin-person-enable-what = Cette personne peut de nouveau se connecter. Ce qui a pris fin le reste.
admin-person-delete-what = Ses sessions, les accès des applications, ses groupes et son historique disparaissent avec elle. C’est irréversible.

## Groups

admin-groups-caption = Groupes de personnes
admin-groups-none = Pas encore de groupe. Un groupe ouvre des applications à ses membres.
admin-group-new = Nouveau groupe
admin-group-name = Nom pour les applications
admin-group-name-hint = Il ne pourra pas changer : les applications reconnaissent le groupe à ce nom.
admin-group-create = Créer le groupe
admin-group-taken = Un autre groupe porte ce nom.
admin-display-name = Nom pour les personnes
admin-details = À propos du groupe
admin-members-heading = Membres
admin-members-none = Personne dans ce groupe pour le moment.
admin-member-add-person = Ajouter la personne
admin-no-such-person = Personne n’a ce nom d’utilisateur ni cette adresse.
admin-group-claims-hint = Un objet JSON. Chaque membre a aussi ces informations.
admin-group-delete-what = Ses membres perdent ce que seul ce groupe leur donnait, et les applications qui n’admettent aucun autre groupe n’admettent plus personne. C’est irréversible.

## Applications

admin-apps-caption = Applications et programmes
admin-apps-search = Le nom ou l’ID client commence par
admin-apps-none = Pas encore d’application. Choisissez le type de la première.
admin-app = L’application
admin-app-new = Nouvelle application
admin-app-new-what = De quel type d’application s’agit-il ? Le type décide de la façon dont on s’y connecte.
admin-app-create = Créer l’application
admin-app-result = { $name } peut être raccordée
admin-app-open = Voir cette application
admin-client-id = ID client
admin-secret = Secret du client
admin-issuer = Émetteur
admin-discovery = Configuration pour les programmes
admin-scope = Autorisations
admin-notes = À savoir sur cet enregistrement
admin-kind-web = Application web
admin-kind-web-what = Fonctionne sur un serveur et peut garder un secret. La plupart des applications que l’on héberge soi-même sont de ce type.
admin-kind-single-page = Application à page unique
admin-kind-single-page-what = Fonctionne seulement dans le navigateur et ne garde aucun secret.
admin-kind-native = Application installée
admin-kind-native-what = Est installée sur un téléphone ou un ordinateur, ou s’utilise en ligne de commande.
admin-kind-device = Appareil
admin-kind-device-what = N’a ni navigateur ni clavier, comme un téléviseur. On se connecte sur son téléphone.
admin-kind-machine = Programme autonome
admin-kind-machine-what = Un programme qui agit pour lui-même, sans personne.
admin-kind-api = Service (API)
admin-kind-api-what = Un service qui reçoit des jetons et demande à ce serveur s’ils sont valables.
admin-redirect-uris-hint = Une adresse par ligne. Comparée lettre par lettre, la dernière barre oblique aussi.
admin-redirect-uris-native-hint = Une par ligne : http://127.0.0.1/callback pour tout port de cet appareil, ou un schéma propre.
admin-resources-hint = Un identifiant par ligne. Laissez vide si elle n’appelle aucune API enregistrée.
admin-jwks-uri-hint = L’adresse https de ses clés publiques. Avec elles, aucun secret n’est nécessaire.
admin-require-pkce-hint = Laissez activé, sauf si l’application n’en est pas capable.
admin-allowed-groups-hint = Un groupe par ligne. Sans groupe, personne ne peut entrer.
admin-consent = Accord
admin-consent-ask = Demander aux personnes avant de donner l’accès
admin-consent-own = Ne pas demander : c’est notre propre application
admin-entry = Qui peut entrer
admin-entry-everybody = Tout le monde
admin-entry-groups = Seulement les membres de ces groupes
admin-advanced-defaults = Avancé : tout par défaut
# $members: a whole number, at least 1
admin-advanced-changed = { $members ->
    [one] Avancé : { $members } modifié
   *[other] Avancé : { $members } modifiés
}
admin-secret-replace = Remplacer le secret
admin-secret-heading = Remplacer le secret de { $name } ?
admin-secret-what = L’ancien secret cesse aussitôt de fonctionner, et l’application aussi jusqu’à ce qu’elle ait le nouveau.
admin-app-disable = Désactiver { $name } ?
admin-app-disable-what = Personne ne peut s’y connecter, et tout ce qu’elle a reçu cesse de fonctionner. Vous pourrez la réactiver.
admin-app-enable = Activer { $name } ?
admin-app-enable-what = On peut de nouveau s’y connecter.
admin-app-delete-what = Tout le monde perd l’accès, et ses réglages disparaissent. C’est irréversible.
admin-tab-overview = À propos
admin-tab-access = Accès
admin-tab-told = Ce qu’elle apprend
admin-tab-proof = Preuve
admin-tab-advanced = Avancé
admin-m-client-name = Nom
admin-m-logo-uri = Image
admin-m-client-uri = Page d’accueil
admin-m-initiate-login-uri = Page de départ
admin-m-contacts = Personnes à contacter
admin-m-policy-uri = Politique de confidentialité
admin-m-tos-uri = Conditions d’utilisation
admin-m-redirect-uris = Adresses de retour
admin-m-post-logout-redirect-uris = Adresses après la déconnexion
admin-m-require-pkce = Prouve qu’elle a commencé la connexion (PKCE)
admin-m-grant-types = Façons d’obtenir des jetons
admin-m-application-type = Où elle fonctionne
admin-m-allow-http-redirect = Peut utiliser http dans le réseau local
admin-m-allowed-groups = Groupes admis
admin-m-scope = Autorisations
admin-m-resources = Services (API)
admin-m-default-resource = API habituelle
admin-m-first-party = La nôtre : on ne demande pas l’accord
admin-m-default-max-age = Connexion la plus ancienne, en secondes
admin-m-default-acr-values = Force de la connexion
admin-m-id-token-claims = Les informations sur la personne sont dans le jeton d’identité
admin-m-backchannel-logout-uri = Est avertie des déconnexions à
admin-m-backchannel-session = L’avis nomme la session
admin-m-frontchannel-logout-uri = Est avertie dans le navigateur à
admin-m-frontchannel-session = L’avis dans le navigateur nomme la session
admin-m-subject-type = Identifiant d’une personne : propre ou commun
admin-m-sector-identifier-uri = Applications aux identifiants communs
admin-m-require-auth-time = Apprend toujours quand la personne s’est connectée
admin-m-claim-mapping = Informations renommées
admin-m-auth-method = Comment elle prouve son identité
admin-m-jwks-uri = Adresse de ses clés
admin-m-jwks = Clés
admin-m-auth-alg = Signature de ses preuves
admin-m-access-token-format = Jeton d’accès
admin-m-access-token-typ = Type du jeton d’accès
admin-m-id-token-alg = Signature du jeton d’identité
admin-m-userinfo-alg = Signature des informations sur la personne
admin-m-require-par = Doit déposer ses demandes à l’avance
admin-m-require-request-object = Doit signer ses demandes
admin-m-request-object-alg = Signature de ses demandes
admin-m-request-uris = Adresses de ses demandes
admin-m-resource-server = Peut vérifier tous les jetons

## The server

admin-keys-what = Les applications vérifient les jetons avec ces clés. Elles sont remplacées régulièrement.
admin-keys-caption = Les clés, la plus récente d’abord
admin-key = Clé
admin-algorithm = Algorithme
admin-made = Créée
admin-key-next = Signera ensuite
admin-key-current = Signe maintenant
admin-key-previous = Ne signe plus, mais ses jetons sont valables
admin-key-retired = N’est plus publiée
admin-keys-rotate = Changer les clés
admin-keys-rotated = Les clés suivantes signent désormais.
admin-rotate-what = La clé suivante de chaque algorithme commence à signer, et une autre est créée pour plus tard.
admin-rotate-why = Pourquoi
admin-rotate-scheduled = Changement régulier : personne ne le remarque
admin-rotate-emergency = Tout de suite : des applications peuvent échouer pendant quelques minutes
admin-rotate-compromised = D’autres connaissent une clé : tout le monde doit se reconnecter
admin-rotate-too-fresh = Les applications ne connaissent peut-être pas encore la clé suivante. Réessayez dans cinq minutes.
admin-api = Service
admin-apis-what = Les services pour lesquels les applications obtiennent des jetons. On les ajoute et les modifie en ligne de commande : resource create.
admin-apis-none = Aucune API n’est enregistrée.
admin-identifier = Identifiant
admin-permissions = Autorisations
admin-token = Jeton d’enregistrement
admin-tokens-what = Avec un tel jeton, une application s’enregistre elle-même.
admin-tokens-none = Pas encore de jeton.
admin-token-new = Nouveau jeton d’enregistrement
admin-token-uses = Combien d’enregistrements
admin-token-days = Valable combien de jours
admin-token-create = Créer le jeton
admin-token-number = Saisissez un nombre entier : de 1 à 10000 enregistrements, ou de 1 à 365 jours.
admin-token-revoke = Révoquer le jeton
admin-token-revoke-what = Plus rien ne peut s’enregistrer avec lui. Les applications qui l’ont fait restent.
admin-token-revoked = Le jeton est révoqué.
admin-settings-what = Ils viennent du fichier de configuration et de l’environnement. Une modification demande un redémarrage.
admin-setting = Réglage
admin-source = Origine
admin-setting-default = Par défaut

## Activity

admin-sign-ins = Connexions
admin-changes = Modifications
admin-events-caption = Les connexions, la plus récente d’abord
admin-event-signed-in = Connexion réussie
admin-event-wrong-password = Mot de passe erroné
admin-event-disabled = Connexion impossible : désactivé
admin-event-locked-out = Trop d’essais
admin-event-password-changed = Mot de passe changé
admin-event-link-used = Lien utilisé
admin-event-unlocked = Débloqué par un administrateur
admin-event-wrong-code = Code erroné à la deuxième étape
admin-event-recovery-code = Code de secours utilisé
admin-event-factor-added = Application d’authentification activée
admin-event-factor-removed = Application d’authentification désactivée
admin-event-passkey-signed-in = Connexion avec une clé d’accès
admin-event-passkey-refused = Clé d’accès refusée
admin-event-passkey-added = Clé d’accès ajoutée
admin-event-passkey-removed = Clé d’accès supprimée
admin-changes-caption = Ce que les administrateurs ont modifié, le plus récent d’abord
admin-changes-search = ID d’une personne, d’une application ou d’une clé
admin-change = Modification
admin-target = De
admin-who = Par
admin-members = Avant et après
# $members: a whole number, at least 4; a click shows them
admin-members-many = { $members ->
    [one] { $members } valeur
   *[other] { $members } valeurs
}
admin-actor-command-line = La ligne de commande
admin-actor-set-up = Le lien d’installation
admin-actor-self-registered = Une application elle-même
admin-actor-server = Ce serveur lui-même
