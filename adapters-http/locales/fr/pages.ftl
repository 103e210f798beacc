### Les pages en français. La référence est ../en/pages.ftl.

## Sur plusieurs pages

account = Vous êtes connecté en tant que { $account }.
account-switch = Vous n’êtes pas { $account } ?
allow = Autoriser
deny = Refuser
cancel = Annuler
continue = Continuer
sign-in = Se connecter
sign-out = Se déconnecter
username = Nom d’utilisateur
username-or-email = Nom d’utilisateur ou adresse e-mail
password = Mot de passe
privacy-policy = Politique de confidentialité
terms-of-service = Conditions d’utilisation
too-many-attempts = { $minutes ->
    [one] Trop de tentatives. Veuillez réessayer dans { $minutes } minute.
   *[other] Trop de tentatives. Veuillez réessayer dans { $minutes } minutes.
}
footer-support = Besoin d’aide ? Demandez à { $support }.
footer-imprint = Mentions légales
footer-privacy = Confidentialité

## Se connecter

login-client = pour continuer vers { $client }
client-unverified = Cette application s’est enregistrée elle-même. Personne ici ne l’a vérifiée.
login-wrong = Ce nom d’utilisateur et ce mot de passe ne correspondent pas. Veuillez réessayer.
login-ceiling = Trop de mots de passe incorrects ont été saisis pour ce compte. Connectez-vous avec un navigateur que vous avez déjà utilisé ici, ou demandez aux responsables de ce serveur de débloquer le compte.
login-expired = Cette page a expiré ou a déjà servi. Connectez-vous ici, ou retournez à l’application et recommencez.
login-confirm = Connectez-vous à nouveau pour continuer. Ce que vous avez ouvert modifie votre façon de vous connecter.
login-deleted = Votre compte est supprimé.
signed-in-title = Connecté
signed-in-heading = Vous êtes connecté
signed-in-ended = Cette page a expiré ou a déjà servi. Retournez à l’application pour continuer.
signed-in-home = Rester ici
back-to = Retour à { $client }

## Une personne n’a pas accès à une application

no-access-title = Pas d’accès
no-access-heading = Vous n’avez pas accès à { $client }
no-access-ask = Demandez l’accès aux responsables de ce serveur.
no-access-ask-support = Demandez l’accès à { $support }.
no-access-switch = Utiliser un autre compte

## Une application demande un accès

consent-title = Autoriser l’accès
consent-heading = { $client } demande l’accès à votre compte
consent-claimable = N’importe quel programme de cet appareil pourrait se faire passer pour { $client }.
scopes-heading = L’application pourra
scope-openid = Savoir qui vous êtes quand vous vous connectez
scope-profile = Voir votre nom et d’autres informations de votre profil
scope-email = Voir votre adresse e-mail
scope-address = Voir votre adresse postale
scope-phone = Voir votre numéro de téléphone
scope-groups = Voir à quels groupes vous appartenez
scope-read = Lire vos données
scope-write = Modifier vos données
scope-administration = Administrer ce serveur
administration-warning = Attention : cette application demande le contrôle total de ce serveur. Elle pourrait modifier chaque compte, chaque application et chaque clé. Ne l’autorisez que si vous êtes sûr d’en avoir besoin maintenant.
scope-other = Utiliser « { $scope } » en votre nom
claim-name = Voir votre nom complet
claim-family-name = Voir votre nom de famille
claim-given-name = Voir votre prénom
claim-middle-name = Voir votre deuxième prénom
claim-nickname = Voir votre surnom
claim-preferred-username = Voir votre nom d’utilisateur
claim-profile = Voir l’adresse de votre page de profil
claim-picture = Voir votre photo
claim-website = Voir l’adresse de votre site web
claim-gender = Voir votre genre
claim-birthdate = Voir votre date de naissance
claim-zoneinfo = Voir votre fuseau horaire
claim-locale = Voir votre langue
claim-updated-at = Voir quand votre profil a été modifié pour la dernière fois
claim-email = Voir votre adresse e-mail
claim-email-verified = Voir si votre adresse e-mail a été vérifiée
claim-address = Voir votre adresse postale
claim-phone-number = Voir votre numéro de téléphone
claim-phone-number-verified = Voir si votre numéro de téléphone a été vérifié
claim-other = Voir votre information « { $claim } »
scope-offline = Conserver cet accès en votre absence et après votre déconnexion
scope-offline-device = Conserver cet accès en votre absence, jusqu’à ce que vous le retiriez
access-ends-minutes = { $minutes ->
    [one] Cet accès prend fin au plus tard après { $minutes } minute.
   *[other] Cet accès prend fin au plus tard après { $minutes } minutes.
}
access-ends-hours = { $hours ->
    [one] Cet accès prend fin au plus tard après { $hours } heure.
   *[other] Cet accès prend fin au plus tard après { $hours } heures.
}
access-ends-days = { $days ->
    [one] Cet accès prend fin au plus tard après { $days } jour.
   *[other] Cet accès prend fin au plus tard après { $days } jours.
}
withdraw = Vous pouvez le retirer plus tard, dans votre compte.
resources-heading = Cet accès concerne

## Connecter un appareil

device-title = Connecter un appareil
device-advice = Saisissez le code affiché par votre appareil. Les minuscules suffisent, et le tiret peut être omis.
device-code = Code de l’appareil
device-must-type = Personne n’a vérifié l’application à laquelle appartient ce lien : le lien ne suffit donc pas. Saisissez le code seulement si vous avez vous-même lancé cette demande, sur un appareil que vous avez devant vous. Si quelqu’un vous a envoyé le lien, fermez cette page.
device-wrong = Ce code est mal saisi, déjà utilisé ou expiré. Vérifiez votre appareil et réessayez.
device-heading = { $client }, sur un appareil, demande l’accès à votre compte
device-claimable = N’importe quel appareil pourrait se faire passer pour { $client }.
device-compare = Votre appareil affiche-t-il ce code ?
device-warning = N’autorisez que si vous avez vous-même lancé cette demande, sur un appareil que vous avez devant vous. Si quelqu’un vous a envoyé le code ou un lien, refusez.
device-allowed = Vous pouvez retourner à votre appareil
device-allowed-next = { $client } y continue tout seul dans un instant. Vous pouvez fermer cette page.
device-denied = Rien n’a été autorisé
device-denied-next = { $client } n’a pas accès à votre compte. Vous pouvez fermer cette page.

## Votre compte

account-title = Votre compte
language-name = Français
languages = Langues
skip = Aller au contenu
menu = Menu : { $page }
next = Suivant
saved = Enregistré.
save = Enregistrer
problem = Il y a un problème
error-prefix = Erreur :
ago-now = à l’instant
ago-minutes = { $minutes ->
    [one] il y a { $minutes } minute
   *[other] il y a { $minutes } minutes
}
ago-hours = { $hours ->
    [one] il y a { $hours } heure
   *[other] il y a { $hours } heures
}
ago-days = { $days ->
    [one] il y a { $days } jour
   *[other] il y a { $days } jours
}
applications-heading = Vos applications
applications-none = Pas encore d’application.
profile-heading = Profil
profile-name = Nom
profile-name-refused = Choisissez un nom plus court, sans caractère invisible.
profile-language = Langue
profile-language-any = Comme mon navigateur
profile-zone = Fuseau horaire
profile-zone-any = Non défini
profile-id = Identifiant
profile-fixed = Ce que vous ne pouvez pas modifier
profile-managed = Géré par { $operator }.
profile-email = Adresse e-mail
profile-email-verified = Confirmée.
profile-email-unverified = Pas encore confirmée.
profile-email-none = Vous n’avez pas d’adresse e-mail.
profile-email-change = Changer d’adresse e-mail
profile-email-new = Nouvelle adresse e-mail
profile-email-refused = Saisissez une adresse e-mail telle que nom@example.com.
profile-email-advice = Vous y recevez un lien. Votre adresse change quand vous l’ouvrez et confirmez.
profile-email-send = Envoyer le lien
profile-email-sent = Consultez vos e-mails : un lien est en route vers { $email }.
data-heading = Vos données
data-what = Un fichier avec votre profil, vos groupes, vos appareils, vos applications connectées et vos connexions.
data-download = Télécharger mes données
data-delete = Supprimer le compte
data-delete-what = Vous êtes déconnecté partout et toutes les applications perdent leur accès. C’est irréversible.
data-delete-type = Saisissez votre nom d’utilisateur, { $account }, pour supprimer votre compte
data-delete-another-name = C’est un autre nom d’utilisateur. Rien n’a été supprimé.
data-delete-last = Vous êtes la seule personne qui administre ce serveur. Donnez d’abord ce droit à une autre.
security-heading = Moyens de connexion
security-password-set = Vous pouvez vous connecter avec un mot de passe.
security-password-none = Vous n’avez pas encore de mot de passe.
security-password-change = Changer de mot de passe
security-password-choose = Choisir un mot de passe
security-password-others = Les applications y perdent leur accès jusqu’à votre prochaine connexion.
security-password-changed = Votre mot de passe est changé.
security-app-on = Après le mot de passe, nous demandons un code.
security-app-off = Votre mot de passe suffit pour vous connecter.
security-app-add = Ajouter une application d’authentification
security-app-change = Modifier
devices-heading = Où vous êtes connecté
devices-advice = Déconnectez les appareils que vous n’utilisez plus ou ne connaissez pas.
devices-this = Cet appareil
devices-sign-out-elsewhere = Se déconnecter partout ailleurs
devices-signed-out = Vous êtes déconnecté de cet appareil.
devices-signed-out-elsewhere = { $devices ->
    [0] Vous n’étiez connecté nulle part ailleurs.
    [one] Déconnecté de { $devices } autre appareil.
   *[other] Déconnecté de { $devices } autres appareils.
}
device-browser-on = { $browser } sur { $system }
device-unknown = Un autre navigateur
device-address = Adresse
device-signed-in = Connecté
device-used = Dernière activité
connections-heading = Applications connectées
connections-advice = Ces applications peuvent utiliser votre compte, même sans vous le redemander.
connections-none = Aucune application n’a accès.
connections-permissions = Ce qu’elle peut faire
connections-since = Depuis
connections-used = Dernière utilisation
connections-withdraw = Retirer l’accès
connections-withdrawn = { $client } n’a plus accès.
activity-heading = Activité
activity-caption = Vos connexions, la plus récente d’abord
activity-none = Il ne s’est encore rien passé.
activity-what = Quoi
activity-when = Quand
activity-device = Appareil
activity-signed-in = Vous vous êtes connecté
activity-wrong-password = Un mot de passe erroné a été saisi
activity-disabled = Votre compte était désactivé, vous ne pouviez donc pas vous connecter
activity-locked-out = La connexion a été bloquée un moment, après trop de tentatives
activity-password-changed = Votre mot de passe a été changé
activity-link-used = Un lien reçu par e-mail ou d’un administrateur a été utilisé
activity-unlocked = Un administrateur vous a permis de vous reconnecter
activity-wrong-code = Un code incorrect a été saisi pour la seconde étape
activity-recovery-code = Un code de récupération a été utilisé
activity-factor-added = Une application d’authentification a été activée
activity-factor-removed = L’application d’authentification a été désactivée
activity-not-you = Ce n’était pas vous ?
activity-not-you-next = Déconnectez-vous partout ailleurs et changez de mot de passe.

## Se déconnecter

logout-heading = Voulez-vous vous déconnecter ?
logout-client = { $client } demande votre déconnexion.
logout-stay = Rester connecté
logged-out-title = Déconnexion effectuée
logged-out-heading = Vous êtes déconnecté
logged-out-close = Votre session est terminée. Vous pouvez fermer cette page.
logged-out-wait = Votre session est terminée. Vous allez être redirigé dans un instant.
logged-out-continue = Continuer vers { $client }
not-signed-in-heading = Vous n’étiez pas connecté ici
not-signed-in-close = Aucune session n’a été fermée. Vous pouvez fermer cette page.
logged-out-frame = Déconnexion en cours

## Retour à l’application

return-heading = Retour à l’application
return-impossible = L’adresse de l’application ne peut pas recevoir cette réponse.

## Un nouveau mot de passe

password-short = Choisissez un mot de passe d’au moins { $characters } caractères.
password-long = Choisissez un mot de passe de 1024 octets au plus.
password-control = Choisissez un mot de passe sans caractères de contrôle, comme les tabulations.
password-common = Beaucoup de gens utilisent un mot de passe comme celui-ci. Choisissez-en un autre.
password-username = Le mot de passe ne doit pas être le nom d’utilisateur.
password-email = Le mot de passe ne doit pas être l’adresse e-mail.
password-personal = Ce mot de passe peut se deviner à partir d’un nom ou d’une adresse e-mail. Choisissez d’autres mots.
password-word = Un seul mot ou un nom se devine vite. Utilisez trois ou quatre mots sans rapport entre eux.
password-row = Les suites comme azerty, abc ou 123 se devinent vite. Utilisez trois ou quatre mots sans rapport entre eux.
password-repetition = Des caractères ou des mots répétés se devinent vite. Utilisez trois ou quatre mots sans rapport entre eux.
password-date = Les dates et les années se devinent vite. Utilisez trois ou quatre mots sans rapport entre eux.
password-guessable = Ce mot de passe se devine vite. Utilisez trois ou quatre mots sans rapport entre eux.

## Le premier administrateur

setup-title = Configurer ce serveur
setup-heading = Créer le premier administrateur
setup-advice = Ce compte peut tout modifier sur ce serveur. Le lien que vous avez ouvert ne fonctionne qu’une fois.
setup-password-advice = Une longue phrase est plus sûre qu’un mot court avec des caractères spéciaux.
setup-password-confirm = Confirmer le mot de passe
setup-create = Créer l’administrateur
setup-username-invalid = Choisissez un nom d’utilisateur de 1 à 128 lettres et chiffres. Les signes tels que . _ - @ sont admis.
setup-username-taken = Ce nom d’utilisateur est déjà pris.
setup-passwords-differ = Les deux mots de passe sont différents.
setup-done-title = Configuration terminée
setup-done-heading = Ce serveur est prêt
setup-done-next = L’administrateur { $account } a été créé, et le lien de configuration ne fonctionne plus.
setup-over = Déjà configuré. Connectez-vous.

## Liens à usage unique

new-password = Nouveau mot de passe
invite-title = Accepter l’invitation
invite-heading = Bienvenue
invite-advice = Vous êtes invité à ouvrir un compte sur { $server }. Choisissez d’abord un mot de passe.
invite-accept = Accepter
invite-done = Votre compte est prêt
invite-done-next = Connectez-vous en tant que { $account } avec votre nouveau mot de passe.
invite-over-next = Si vous avez déjà choisi un mot de passe, connectez-vous. Sinon, demandez un nouveau lien à la personne qui vous a invité.
reset-title = Choisir un nouveau mot de passe
reset-heading = Choisissez un nouveau mot de passe
reset-advice = Pour votre compte sur { $server }.
reset-set-password = Enregistrer le mot de passe
reset-warning = Vous serez déconnecté partout, et les applications n’auront plus accès à votre compte jusqu’à votre prochaine connexion.
reset-done = Votre mot de passe est changé
reset-done-next = { $account } est déconnecté partout. Connectez-vous avec le nouveau mot de passe.
reset-over-next = Connectez-vous ou demandez un nouveau lien.
verify-title = Confirmer l’adresse e-mail
verify-heading = Confirmez votre adresse e-mail
verify-advice = Pour votre compte sur { $server }.
verify-address = Nouvelle adresse e-mail
verify-confirm = Confirmer l’adresse
verify-warning = Si ce n’est pas votre compte, fermez cette page. Rien ne changera.
verify-done = Votre adresse e-mail est confirmée
verify-done-next = Elle appartient désormais au compte { $account }. Vous pouvez fermer cette page.
verify-over-next = Si votre adresse n’a pas encore changé, demandez un nouveau lien.
link-over-title = Ce lien ne fonctionne plus
link-over = Ce lien a déjà été utilisé ou a expiré

## E-mails

mail-account = Compte
mail-when = Quand
mail-from-address = Depuis l’adresse
mail-link-until = Le lien fonctionne une fois, jusqu’au
mail-link-bare = Si le bouton ne fait rien, ouvrez ce lien :
mail-invite-subject = Votre compte sur { $server }
mail-invite-text = Vous êtes invité à ouvrir un compte sur { $server }. Choisissez d’abord un mot de passe.
mail-invite-button = Choisir un mot de passe
mail-invite-ignore = Si vous n’attendiez pas cette invitation, supprimez cet e-mail.
mail-reset-subject = Choisissez un nouveau mot de passe
mail-reset-text = Quelqu’un a demandé un nouveau mot de passe pour votre compte sur { $server }.
mail-reset-button = Choisir un nouveau mot de passe
mail-reset-ignore = Si ce n’était pas vous, vous n’avez rien à faire. Votre mot de passe reste le même.
mail-verify-subject = Confirmez votre adresse e-mail
mail-verify-text = Cette adresse a été indiquée pour un compte sur { $server }. Confirmez-la pour l’y utiliser.
mail-verify-button = Confirmer l’adresse
mail-verify-ignore = Si ce n’est pas votre compte, supprimez cet e-mail. Rien ne changera.
mail-password-subject = Votre mot de passe a été changé
mail-password-text = Le mot de passe de votre compte sur { $server } a été changé.
mail-email-subject = Votre adresse e-mail a été changée
mail-email-text = Votre compte sur { $server } a désormais une autre adresse e-mail. Celle-ci ne recevra plus de messages.
mail-factor-added-subject = Une seconde étape a été ajoutée à votre compte
mail-factor-added-text = Désormais, la connexion à { $server } demande, après votre mot de passe, un code d’une application d’authentification.
mail-factor-removed-subject = La seconde étape de votre compte a été retirée
mail-factor-removed-text = Désormais, la connexion à { $server } ne demande plus de code d’une application d’authentification.
mail-notice-next = Si c’était vous, vous n’avez rien à faire. Sinon, prévenez tout de suite les responsables de ce serveur.
mail-test-subject = E-mail de test : cela fonctionne
mail-test-text = { $server } peut envoyer des e-mails à cette adresse.
mail-test-next = Vous n’avez rien à faire.

## Un mot de passe oublié

forgot-password = Mot de passe oublié ?
forgot-title = Mot de passe oublié ?
forgot-heading = Mot de passe oublié ?
forgot-advice = Indiquez votre adresse e-mail ou votre nom d’utilisateur. Vous recevrez un lien pour choisir un nouveau mot de passe.
forgot-name = Adresse e-mail ou nom d’utilisateur
forgot-send = Envoyer le lien
forgot-sent-title = Consultez votre messagerie
forgot-sent-heading = Consultez votre messagerie
forgot-sent = Si un compte correspond à cette adresse, un lien est en route.
forgot-sent-next = Il fonctionne pendant une heure. Si rien n’arrive, regardez parmi les courriers indésirables ou adressez-vous aux responsables de ce serveur.
forgot-back = Retour à la connexion

## Erreurs

error-refused-heading = L’application a envoyé une demande incorrecte
error-refused = Elle a demandé quelque chose que ce serveur ne peut pas faire. Signalez-le aux responsables de l’application.
error-unknown-application-heading = Cette application n’est pas connue ici
error-unknown-application = On pourra s’y connecter quand elle sera enregistrée sur ce serveur. Signalez-le aux responsables de l’application.
error-expired-heading = Cette page a expiré
error-start-again = Elle a déjà servi, est restée ouverte trop longtemps ou appartient à un autre navigateur. Retournez à l’application et recommencez.
error-allow-cookies-heading = Cette page a besoin de cookies
error-allow-cookies = Votre navigateur n’a envoyé aucun cookie de ce serveur, ou la page appartient à un autre navigateur. Autorisez les cookies pour ce site. Retournez ensuite à l’application et recommencez.
error-enter-code-again = Elle est restée ouverte trop longtemps ou appartient à un autre navigateur. Saisissez de nouveau le code de votre appareil.
error-sign-out-again = Elle est restée ouverte trop longtemps. Déconnectez-vous de nouveau.
error-set-up-link-heading = Ce lien de configuration ne fonctionne plus
error-set-up-link = Il a déjà servi ou a expiré. Redémarrez le serveur pour en obtenir un nouveau.
error-use-pkce-heading = Cette application n’est pas assez protégée
error-use-pkce = Elle ne protège pas ses demandes de connexion comme ce serveur l’exige (PKCE). Prévenez les responsables de l’application ; ceux de ce serveur peuvent l’en dispenser.
error-open-link-again = Elle est restée ouverte trop longtemps. Ouvrez de nouveau le lien.
error-open-account-again = Elle est restée ouverte trop longtemps ou appartient à un autre navigateur. Ouvrez votre compte et réessayez.
error-nothing-here-heading = Il n’y a rien à cette adresse
error-nothing-here = Vérifiez que l’adresse est bien écrite, ou repartez de la page d’accueil.
error-too-many-attempts-heading = Trop de tentatives
error-too-many-attempts = Patientez un peu, puis réessayez.
error-unavailable-heading = Ce serveur ne peut pas répondre pour le moment
error-unavailable = Patientez un instant, puis réessayez.
error-mistake-heading = Ce serveur a commis une erreur
error-mistake = Réessayez. Si cela se reproduit, donnez la référence ci-dessous aux responsables de ce serveur.
error-home = Aller à la page d’accueil
error-for-developers = Pour les développeurs
error-reference = Référence
error-what-to-do = Que faire de cette référence
error-way-back = La réponse est destinée à { $host }. Ne continuez vers ce site que si vous lui faites confiance.

## À quoi sert une référence

reference-title = Référence d’erreur
reference-what = Une référence désigne une réponse précise de ce serveur. Elle ne contient rien de secret et peut être communiquée.
reference-user = Si vous vouliez vous connecter
reference-user-advice = Retournez à l’application et recommencez. Si cela se reproduit, donnez cette référence aux responsables de l’application.
reference-developer = Si vous développez l’application
reference-developer-redirect-uri = L’URI de redirection est enregistrée pour le client, exactement telle qu’elle a été envoyée.
reference-developer-client = L’identifiant du client, son secret ou sa clé et sa méthode d’authentification sont ceux de son enregistrement.
reference-developer-allowed = Le type d’autorisation, le type de réponse et chaque portée sont permis au client.
reference-developer-code = Le code est utilisé une seule fois, pendant sa durée de validité, avec le vérificateur PKCE correspondant.
reference-developer-clocks = Les horloges des deux machines sont à l’heure.
reference-operator = Si vous exploitez ce serveur
reference-operator-advice = Recherchez cette référence dans son journal. La raison complète y figure, et nulle part ailleurs.
reference-operator-pkce = Un code_challenge manque ? L’application devrait utiliser PKCE avec S256. Si elle ne le peut pas, dispensez-la : client update ID --no-require-pkce. Les clients publics ne peuvent pas être dispensés.

## La seconde étape de la connexion

second-step = Encore une étape
second-step-app = Votre application d’authentification affiche un code pour ce compte. Saisissez-le ici.
second-step-app-code = Code de votre application d’authentification
second-step-app-wrong = Ce code est incorrect ou déjà utilisé. Attendez le suivant.
second-step-recovery = Saisissez l’un des codes de secours que vous avez conservés. Chacun fonctionne une fois.
second-step-recovery-code = Code de secours
second-step-recovery-wrong = Ce code de secours est incorrect ou déjà utilisé. Essayez-en un autre.
second-step-use-recovery = Utiliser un code de secours
second-step-use-app = Utiliser l’application d’authentification
second-step-expired = Cela a pris trop de temps. Connectez-vous de nouveau.

## L’application d’authentification et les codes de secours

app-title = Application d’authentification
app-add-heading = Ajouter une seconde étape
app-add-needed = Pour vous connecter ici, il vous faut une seconde étape : un code d’une application de votre téléphone.
app-scan = Scannez cette image avec une application d’authentification. Saisissez ensuite le code que l’application affiche.
app-picture = La clé sous forme d’image pour votre application d’authentification
app-key = Ou saisissez cette clé dans l’application :
app-open = Ouvrir dans une application de cet appareil
app-code = Code de l’application
app-turn-on = Activer
app-wrong = Ce code est incorrect. Attendez le suivant.
app-clock-slow = { $minutes ->
    [one] L’horloge de votre téléphone retarde de { $minutes } minute. Réglez-la sur automatique, puis saisissez le code suivant.
   *[other] L’horloge de votre téléphone retarde de { $minutes } minutes. Réglez-la sur automatique, puis saisissez le code suivant.
}
app-clock-fast = { $minutes ->
    [one] L’horloge de votre téléphone avance de { $minutes } minute. Réglez-la sur automatique, puis saisissez le code suivant.
   *[other] L’horloge de votre téléphone avance de { $minutes } minutes. Réglez-la sur automatique, puis saisissez le code suivant.
}
app-on = Votre application d’authentification est activée. Après votre mot de passe, nous demandons son code.
app-turn-off = Désactiver
app-turn-off-what = Votre mot de passe suffira ensuite pour vous connecter, et vos codes de secours ne fonctionneront plus.
codes-title = Codes de secours
codes-advice = Un code de secours vous connecte quand vous n’avez pas votre téléphone. Chaque code fonctionne une fois. Gardez-les avec vos papiers importants.
codes-now = Affichés seulement maintenant. Copiez-les avant de quitter cette page.
codes-saved = Je les ai conservés
codes-left = { $codes ->
    [one] Il vous reste { $codes } code.
   *[other] Il vous reste { $codes } codes.
}
codes-make = Créer de nouveaux codes
codes-make-what = Les codes que vous avez maintenant cesseront de fonctionner.

register-link = Créer un compte
register-title = Créer un compte
register-advice = Vous recevrez un e-mail avec un lien. Votre compte sera prêt quand vous l’aurez ouvert.
register-create = Créer le compte
register-domain = Les comptes d’ici sont réservés à d’autres adresses e-mail. Utilisez celle de votre organisation.
register-sent-next = Si cette adresse peut avoir un compte, un lien est en route. Il fonctionne pendant un jour. Si rien n’arrive, regardez dans vos courriers indésirables.
register-confirm-title = Terminer la création de votre compte
register-confirm-password = Vous avez ouvert le lien dans un autre navigateur. Saisissez le mot de passe que vous avez choisi.
register-confirm-warning = Si vous n’avez pas demandé ce compte, fermez cette page. Rien n’est alors créé.
register-wrong-password = Ce n’est pas le mot de passe que vous avez choisi. Réessayez, ou créez de nouveau le compte.
register-waiting-heading = Votre compte doit être approuvé
register-waiting = Les responsables de ce serveur vont l’examiner. Connectez-vous quand ils vous auront répondu.
register-over-next = Connectez-vous si votre compte est prêt. Sinon, créez-le de nouveau.
register-invited-heading = Les comptes sont sur invitation
register-invited = Demandez une invitation aux responsables de ce serveur.
mail-register-subject = Terminez la création de votre compte
mail-register-text = Quelqu’un a demandé un compte sur { $server } avec cette adresse. Ouvrez le lien pour le créer.
mail-register-button = Créer le compte
mail-register-ignore = Si ce n’était pas vous, il n’y a rien à faire. Aucun compte n’est alors créé.
mail-exists-subject = Vous avez déjà un compte
mail-exists-text = Quelqu’un a demandé un compte sur { $server } avec cette adresse, qui en a déjà un.
mail-exists-button = Se connecter
mail-exists-ignore = Si ce n’était pas vous, il n’y a rien à faire. Si vous avez oublié le mot de passe, demandez-en un nouveau sur la page de connexion.

codes-no-app = Ajoutez d’abord une clé d’accès, ou activez une application d’authentification. Vous recevrez alors des codes de secours.

## Clés d’accès

passkey-sign-in = Se connecter avec une clé d’accès
passkey-none = Aucune clé d’accès n’a été utilisée. Réessayez, ou utilisez votre mot de passe.
passkey-unknown = Cette clé d’accès n’est pas connue ici. Connectez-vous autrement.
passkey-refused = Cette clé d’accès n’a pas été acceptée. Connectez-vous autrement.
passkey-unsupported = Les clés d’accès demandent JavaScript et un navigateur qui les prend en charge.
passkey-add-needed = Une seconde étape est nécessaire pour se connecter ici : une clé d’accès, ou un code d’une application sur votre téléphone.
passkeys-title = Clés d’accès
passkeys-advice = Votre empreinte, votre visage ou le verrouillage de l’écran vous connecte. Rien à retenir.
passkeys-add = Ajouter une clé d’accès
passkeys-added = Vous pouvez maintenant vous connecter avec { $name }.
passkeys-removed = La clé d’accès est retirée. Supprimez-la aussi sur votre appareil.
passkeys-not-made = Aucune clé d’accès n’a été ajoutée. Réessayez.
passkeys-known = Cet appareil a déjà une clé d’accès pour votre compte.
passkeys-impossible = Les clés d’accès ne sont pas possibles ici : elles demandent https et un serveur joignable par un nom, non par un numéro.
passkeys-too-many = { $passkeys ->
    [one] Vous avez { $passkeys } clé d’accès, et il n’est pas possible d’en avoir plus. Retirez-la d’abord.
   *[other] Vous avez { $passkeys } clés d’accès, et il n’est pas possible d’en avoir plus. Retirez-en une d’abord.
}
passkeys-codes = Créer des codes de secours, au cas où vous perdriez votre clé d’accès
passkeys-made = Ajoutée
passkeys-rename = Renommer
passkeys-name = Nom
passkeys-name-refused = { $characters ->
    [one] Choisissez un nom de { $characters } caractère visible.
   *[other] Choisissez un nom de { $characters } caractères visibles au plus.
}
passkeys-remove = Retirer la clé d’accès
passkeys-last = C’est votre seul moyen de vous connecter. Avant de la retirer, ajoutez une autre clé d’accès ou choisissez un mot de passe.
passkeys-on-devices = Sur vos appareils
passkeys-on-security-key = Sur une clé de sécurité
security-passkeys = { $passkeys ->
    [one] Vous pouvez vous connecter avec { $passkeys } clé d’accès.
   *[other] Vous pouvez vous connecter avec { $passkeys } clés d’accès.
}
security-app-none = Aucune application n’est activée.
app-turn-off-passkeys = Vos clés d’accès et vos codes de secours continuent de fonctionner.
second-step-passkey = Utilisez votre clé d’accès : votre empreinte, votre visage ou le verrouillage de l’écran confirme que c’est vous.
second-step-use-passkey = Utiliser la clé d’accès
second-step-passkey-none = Aucune clé d’accès n’a été utilisée. Réessayez, ou choisissez un autre moyen.
second-step-passkey-wrong = Cette clé d’accès n’a pas été acceptée. Réessayez, ou choisissez un autre moyen.
activity-passkey-signed-in = Vous vous êtes connecté avec une clé d’accès
activity-passkey-refused = Une clé d’accès n’a pas été acceptée
activity-passkey-added = Une clé d’accès a été ajoutée
activity-passkey-removed = Une clé d’accès a été retirée
mail-passkey-added-subject = Une clé d’accès a été ajoutée à votre compte
mail-passkey-added-text = Désormais, elle vous connecte à { $server }. Après votre mot de passe aussi, nous demandons une clé d’accès.
mail-passkey-removed-subject = Une clé d’accès a été retirée de votre compte
mail-passkey-removed-text = Désormais, elle ne vous connecte plus à { $server }.
