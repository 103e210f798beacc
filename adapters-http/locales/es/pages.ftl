### Las páginas en español. La referencia es ../en/pages.ftl.

## En varias páginas

account = Ha iniciado sesión como { $account }.
account-switch = ¿No es { $account }?
allow = Permitir
deny = Rechazar
cancel = Cancelar
continue = Continuar
sign-in = Iniciar sesión
sign-out = Cerrar sesión
username = Nombre de usuario
username-or-email = Nombre de usuario o correo electrónico
password = Contraseña
privacy-policy = Política de privacidad
terms-of-service = Condiciones del servicio
too-many-attempts = { $minutes ->
    [one] Demasiados intentos. Vuelva a intentarlo dentro de { $minutes } minuto.
   *[other] Demasiados intentos. Vuelva a intentarlo dentro de { $minutes } minutos.
}
footer-support = ¿Necesita ayuda? Pregunte a { $support }.
footer-imprint = Aviso legal
footer-privacy = Privacidad

## Iniciar sesión

login-client = para continuar en { $client }
client-unverified = Esta aplicación se registró por sí misma. Nadie aquí la ha verificado.
login-wrong = El nombre de usuario y la contraseña no coinciden. Vuelva a intentarlo.
login-ceiling = Se han introducido demasiadas contraseñas incorrectas para esta cuenta. Inicie sesión con un navegador que ya haya usado aquí, o pida a los responsables de este servidor que desbloqueen la cuenta.
login-expired = Esta página ha caducado o ya se ha utilizado. Inicie sesión aquí, o vuelva a la aplicación y empiece de nuevo.
login-confirm = Inicie sesión de nuevo para continuar. Lo que ha abierto cambia su forma de iniciar sesión.
login-deleted = Su cuenta se ha eliminado.
signed-in-title = Sesión iniciada
signed-in-heading = Ha iniciado sesión
signed-in-ended = Esta página ha caducado o ya se ha utilizado. Vuelva a la aplicación para continuar.
signed-in-home = Quedarse aquí
back-to = Volver a { $client }

## Una persona no puede entrar en una aplicación

no-access-title = Sin acceso
no-access-heading = No tiene acceso a { $client }
no-access-ask = Pida acceso a los responsables de este servidor.
no-access-ask-support = Pida acceso a { $support }.
no-access-switch = Usar otra cuenta

## Una aplicación pide acceso

consent-title = Permitir el acceso
consent-heading = { $client } solicita acceso a su cuenta
consent-claimable = Cualquier programa de este dispositivo podría hacerse pasar por { $client }.
scopes-heading = La aplicación podrá
scope-openid = Saber quién es usted cuando inicia sesión
scope-profile = Ver su nombre y otros datos de su perfil
scope-email = Ver su dirección de correo electrónico
scope-address = Ver su dirección postal
scope-phone = Ver su número de teléfono
scope-groups = Ver a qué grupos pertenece
scope-read = Leer sus datos
scope-write = Modificar sus datos
scope-administration = Administrar este servidor
administration-warning = Cuidado: esta aplicación pide el control total de este servidor. Podría cambiar cualquier cuenta, aplicación y clave. Permítalo solo si está seguro de que lo necesita ahora.
scope-other = Usar «{ $scope }» en su nombre
claim-name = Ver su nombre completo
claim-family-name = Ver sus apellidos
claim-given-name = Ver su nombre de pila
claim-middle-name = Ver su segundo nombre
claim-nickname = Ver su apodo
claim-preferred-username = Ver su nombre de usuario
claim-profile = Ver la dirección de su página de perfil
claim-picture = Ver su foto
claim-website = Ver la dirección de su sitio web
claim-gender = Ver su género
claim-birthdate = Ver su fecha de nacimiento
claim-zoneinfo = Ver su zona horaria
claim-locale = Ver su idioma
claim-updated-at = Ver cuándo se modificó su perfil por última vez
claim-email = Ver su dirección de correo electrónico
claim-email-verified = Ver si su dirección de correo electrónico está verificada
claim-address = Ver su dirección postal
claim-phone-number = Ver su número de teléfono
claim-phone-number-verified = Ver si su número de teléfono está verificado
claim-other = Ver su dato «{ $claim }»
scope-offline = Conservar este acceso en su ausencia y después de que cierre la sesión
scope-offline-device = Conservar este acceso en su ausencia, hasta que usted lo retire
access-ends-minutes = { $minutes ->
    [one] Este acceso termina, como muy tarde, después de { $minutes } minuto.
   *[other] Este acceso termina, como muy tarde, después de { $minutes } minutos.
}
access-ends-hours = { $hours ->
    [one] Este acceso termina, como muy tarde, después de { $hours } hora.
   *[other] Este acceso termina, como muy tarde, después de { $hours } horas.
}
access-ends-days = { $days ->
    [one] Este acceso termina, como muy tarde, después de { $days } día.
   *[other] Este acceso termina, como muy tarde, después de { $days } días.
}
withdraw = Puede retirarlo más tarde, en su cuenta.
resources-heading = El acceso se solicita para

## Conectar un dispositivo

device-title = Conectar un dispositivo
device-advice = Introduzca el código que muestra su dispositivo. Puede usar minúsculas y omitir el guion.
device-code = Código
device-must-type = Nadie ha comprobado la aplicación a la que pertenece este enlace, así que el enlace no basta. Introduzca el código solo si usted mismo lo ha solicitado, en un dispositivo que tiene delante. Si alguien le ha enviado el enlace, cierre esta página.
device-wrong = El código está mal escrito, ya se ha usado o ha caducado. Compruebe su dispositivo y vuelva a intentarlo.
device-heading = { $client }, en un dispositivo, solicita acceso a su cuenta
device-claimable = Cualquier dispositivo podría hacerse pasar por { $client }.
device-compare = ¿Muestra su dispositivo este código?
device-warning = Permita el acceso solo si usted mismo lo ha solicitado, en un dispositivo que tiene delante. Si alguien le ha enviado el código o un enlace, rechácelo.
device-allowed = Puede volver a su dispositivo
device-allowed-next = { $client } continuará allí por sí solo en un momento. Puede cerrar esta página.
device-denied = No se ha permitido nada
device-denied-next = { $client } no obtiene acceso a su cuenta. Puede cerrar esta página.

## Su cuenta

account-title = Su cuenta
language-name = Español
languages = Idiomas
skip = Ir al contenido
menu = Menú: { $page }
next = Siguiente
saved = Guardado.
save = Guardar
problem = Hay un problema
error-prefix = Error en la página:
ago-now = ahora mismo
ago-minutes = { $minutes ->
    [one] hace { $minutes } minuto
   *[other] hace { $minutes } minutos
}
ago-hours = { $hours ->
    [one] hace { $hours } hora
   *[other] hace { $hours } horas
}
ago-days = { $days ->
    [one] hace { $days } día
   *[other] hace { $days } días
}
applications-heading = Sus aplicaciones
applications-none = Todavía no hay aplicaciones.
profile-heading = Perfil
profile-name = Nombre
profile-name-refused = Elija un nombre más corto, sin caracteres invisibles.
profile-language = Idioma
profile-language-any = Como mi navegador
profile-zone = Zona horaria
profile-zone-any = Sin definir
profile-id = Identificador
profile-fixed = Lo que no puede cambiar
profile-managed = Gestionado por { $operator }.
profile-email = Dirección de correo
profile-email-verified = Confirmada.
profile-email-unverified = Todavía sin confirmar.
profile-email-none = No tiene dirección de correo.
profile-email-change = Cambiar la dirección de correo
profile-email-new = Nueva dirección de correo
profile-email-refused = Escriba una dirección de correo como nombre@example.com.
profile-email-advice = Recibirá allí un enlace. Su dirección cambia cuando lo abra y confirme.
profile-email-send = Enviar enlace
profile-email-sent = Mire su correo: hay un enlace en camino a { $email }.
data-heading = Sus datos
data-what = Un archivo con su perfil, sus grupos, sus dispositivos, sus aplicaciones conectadas y sus inicios de sesión.
data-download = Descargar mis datos
data-delete = Eliminar la cuenta
data-delete-what = Se cierra su sesión en todas partes y todas las aplicaciones pierden el acceso. No se puede deshacer.
data-delete-type = Escriba su nombre de usuario, { $account }, para eliminar su cuenta
data-delete-another-name = Ese es otro nombre de usuario. No se ha eliminado nada.
data-delete-last = Es la única persona que administra este servidor. Dé antes ese derecho a otra.
security-heading = Formas de iniciar sesión
security-password-set = Puede iniciar sesión con una contraseña.
security-password-none = Todavía no tiene contraseña.
security-password-change = Cambiar la contraseña
security-password-choose = Elegir una contraseña
security-password-others = Las aplicaciones pierden allí el acceso hasta que vuelva a iniciar sesión.
security-password-changed = Su contraseña ha cambiado.
security-app-on = Después de la contraseña pedimos un código.
security-app-off = Su contraseña basta para iniciar sesión.
security-app-add = Añadir una aplicación de autenticación
security-app-change = Cambiar
devices-heading = Dónde ha iniciado sesión
devices-advice = Cierre la sesión en los dispositivos que ya no use o no conozca.
devices-this = Este dispositivo
devices-sign-out-elsewhere = Cerrar sesión en todos los demás
devices-signed-out = Sesión cerrada en ese dispositivo.
devices-signed-out-elsewhere = { $devices ->
    [0] No había ninguna otra sesión.
    [one] Sesión cerrada en { $devices } dispositivo más.
   *[other] Sesión cerrada en { $devices } dispositivos más.
}
device-browser-on = { $browser } en { $system }
device-unknown = Otro navegador
device-address = Dirección
device-signed-in = Inicio de sesión
device-used = Última actividad
connections-heading = Aplicaciones conectadas
connections-advice = Estas aplicaciones pueden usar su cuenta, también sin volver a preguntarle.
connections-none = Ninguna aplicación tiene acceso.
connections-permissions = Lo que puede hacer
connections-since = Desde
connections-used = Último uso
connections-withdraw = Retirar el acceso
connections-withdrawn = { $client } ya no tiene acceso.
activity-heading = Actividad
activity-caption = Sus inicios de sesión, el más reciente primero
activity-none = Todavía no ha ocurrido nada.
activity-what = Qué
activity-when = Cuándo
activity-device = Dispositivo
activity-signed-in = Inició sesión
activity-wrong-password = Se escribió una contraseña incorrecta
activity-disabled = Su cuenta estaba desactivada y no pudo iniciar sesión
activity-locked-out = El inicio de sesión se detuvo un tiempo, tras demasiados intentos
activity-password-changed = Se cambió su contraseña
activity-link-used = Se usó un enlace de un correo o de un administrador
activity-unlocked = Un administrador le permitió iniciar sesión de nuevo
activity-wrong-code = Se escribió un código incorrecto para el segundo paso
activity-recovery-code = Se usó un código de recuperación
activity-factor-added = Se activó una aplicación de autenticación
activity-factor-removed = Se desactivó la aplicación de autenticación
activity-not-you = ¿No fue usted?
activity-not-you-next = Cierre la sesión en todos los demás dispositivos y cambie su contraseña.

## Cerrar sesión

logout-heading = ¿Desea cerrar la sesión?
logout-client = { $client } solicita cerrar su sesión.
logout-stay = Mantener la sesión
logged-out-title = Sesión cerrada
logged-out-heading = Ha cerrado la sesión
logged-out-close = Su sesión ha terminado. Puede cerrar esta página.
logged-out-wait = Su sesión ha terminado. En un momento se le llevará de vuelta.
logged-out-continue = Continuar en { $client }
not-signed-in-heading = No había iniciado sesión aquí
not-signed-in-close = No se ha cerrado ninguna sesión. Puede cerrar esta página.
logged-out-frame = Cerrando la sesión

## De vuelta a la aplicación

return-heading = De vuelta a la aplicación
return-impossible = La dirección de la aplicación no puede recibir esta respuesta.

## Una contraseña nueva

password-short = Elija una contraseña de al menos { $characters } caracteres.
password-long = Elija una contraseña de 1024 bytes como máximo.
password-control = Elija una contraseña sin caracteres de control, como tabuladores.
password-common = Muchas personas usan una contraseña así. Elija otra.
password-username = La contraseña no debe ser el nombre de usuario.
password-email = La contraseña no debe ser la dirección de correo electrónico.
password-personal = Esta contraseña se puede adivinar a partir de un nombre o de una dirección de correo. Elija otras palabras.
password-word = Una sola palabra o un nombre se adivina enseguida. Use tres o cuatro palabras que no tengan relación entre sí.
password-row = Las series como qwerty, abc o 123 se adivinan enseguida. Use tres o cuatro palabras que no tengan relación entre sí.
password-repetition = Los caracteres o palabras repetidos se adivinan enseguida. Use tres o cuatro palabras que no tengan relación entre sí.
password-date = Las fechas y los años se adivinan enseguida. Use tres o cuatro palabras que no tengan relación entre sí.
password-guessable = Esta contraseña se adivina enseguida. Use tres o cuatro palabras que no tengan relación entre sí.

## El primer administrador

setup-title = Configurar este servidor
setup-heading = Crear el primer administrador
setup-advice = Esta cuenta puede cambiar todo en este servidor. El enlace que ha abierto funciona una sola vez.
setup-password-advice = Una frase larga es más segura que una palabra corta con caracteres raros.
setup-password-confirm = Confirmar contraseña
setup-create = Crear administrador
setup-username-invalid = Elija un nombre de usuario de entre 1 y 128 letras y cifras. Se admiten signos como . _ - @.
setup-username-taken = Ese nombre de usuario ya está en uso.
setup-passwords-differ = Las dos contraseñas son distintas.
setup-done-title = Configuración terminada
setup-done-heading = Este servidor está listo
setup-done-next = Se ha creado el administrador { $account } y el enlace de configuración ya no funciona.
setup-over = Ya está configurado. Inicie sesión.

## Enlaces de un solo uso

new-password = Nueva contraseña
invite-title = Aceptar la invitación
invite-heading = Le damos la bienvenida
invite-advice = Tiene una invitación para una cuenta en { $server }. Elija una contraseña para empezar.
invite-accept = Aceptar
invite-done = Su cuenta está lista
invite-done-next = Inicie sesión como { $account } con su nueva contraseña.
invite-over-next = Si ya eligió una contraseña, inicie sesión. Si no, pida un enlace nuevo a quien le invitó.
reset-title = Elegir una contraseña nueva
reset-heading = Elija una contraseña nueva
reset-advice = Para su cuenta en { $server }.
reset-set-password = Guardar contraseña
reset-warning = Se cerrarán todas sus sesiones y las aplicaciones perderán su acceso hasta que vuelva a iniciar sesión.
reset-done = Su contraseña ha cambiado
reset-done-next = Se han cerrado todas las sesiones de { $account }. Inicie sesión con la nueva contraseña.
reset-over-next = Inicie sesión o pida un enlace nuevo.
verify-title = Confirmar la dirección de correo
verify-heading = Confirme su dirección de correo
verify-advice = Para su cuenta en { $server }.
verify-address = Nueva dirección de correo
verify-confirm = Confirmar dirección
verify-warning = Si esta no es su cuenta, cierre esta página. Así no cambiará nada.
verify-done = Su dirección de correo está confirmada
verify-done-next = Ahora pertenece a la cuenta { $account }. Puede cerrar esta página.
verify-over-next = Si su dirección aún no ha cambiado, pida un enlace nuevo.
link-over-title = Este enlace ya no funciona
link-over = Este enlace ya se usó o ha caducado

## Correos

mail-account = Cuenta
mail-when = Cuándo
mail-from-address = Desde la dirección
mail-link-until = El enlace funciona una vez, hasta
mail-link-bare = Si el botón no hace nada, abra este enlace:
mail-invite-subject = Su cuenta en { $server }
mail-invite-text = Tiene una invitación para una cuenta en { $server }. Elija una contraseña para empezar.
mail-invite-button = Elegir una contraseña
mail-invite-ignore = Si no esperaba esta invitación, borre este correo.
mail-reset-subject = Elija una contraseña nueva
mail-reset-text = Alguien ha pedido una contraseña nueva para su cuenta en { $server }.
mail-reset-button = Elegir una contraseña nueva
mail-reset-ignore = Si no fue usted, no tiene que hacer nada. Su contraseña sigue siendo la misma.
mail-verify-subject = Confirme su dirección de correo
mail-verify-text = Se indicó esta dirección para una cuenta en { $server }. Confírmela para usarla allí.
mail-verify-button = Confirmar dirección
mail-verify-ignore = Si esta no es su cuenta, borre este correo. Así no cambiará nada.
mail-password-subject = Su contraseña ha cambiado
mail-password-text = Se ha cambiado la contraseña de su cuenta en { $server }.
mail-email-subject = Su dirección de correo ha cambiado
mail-email-text = Su cuenta en { $server } tiene ahora otra dirección de correo. A esta ya no llegarán más correos.
mail-factor-added-subject = Se ha añadido un segundo paso a su cuenta
mail-factor-added-text = A partir de ahora, al iniciar sesión en { $server } se pide, después de la contraseña, un código de una aplicación de autenticación.
mail-factor-removed-subject = Se ha quitado el segundo paso de su cuenta
mail-factor-removed-text = A partir de ahora, al iniciar sesión en { $server } ya no se pide un código de una aplicación de autenticación.
mail-notice-next = Si fue usted, no tiene que hacer nada. Si no, avise enseguida a los responsables de este servidor.
mail-test-subject = Correo de prueba: funciona
mail-test-text = { $server } puede enviar correos a esta dirección.
mail-test-next = No tiene que hacer nada.

## Una contraseña olvidada

forgot-password = ¿Ha olvidado su contraseña?
forgot-title = ¿Ha olvidado su contraseña?
forgot-heading = ¿Ha olvidado su contraseña?
forgot-advice = Escriba su dirección de correo o su nombre de usuario. Recibirá un enlace para elegir una contraseña nueva.
forgot-name = Dirección de correo o nombre de usuario
forgot-send = Enviar enlace
forgot-sent-title = Revise su correo
forgot-sent-heading = Revise su correo
forgot-sent = Si esa dirección tiene una cuenta, un enlace está en camino.
forgot-sent-next = Funciona durante una hora. Si no llega nada, mire en el correo no deseado o pregunte a los responsables de este servidor.
forgot-back = Volver al inicio de sesión

## Errores

error-refused-heading = La aplicación ha enviado una solicitud incorrecta
error-refused = Ha pedido algo que este servidor no puede hacer. Comuníqueselo a los responsables de la aplicación.
error-unknown-application-heading = Aquí no se conoce esta aplicación
error-unknown-application = Se podrá iniciar sesión con ella cuando esté registrada en este servidor. Comuníqueselo a los responsables de la aplicación.
error-expired-heading = Esta página ha caducado
error-start-again = Ya se ha utilizado, ha estado abierta demasiado tiempo o pertenece a otro navegador. Vuelva a la aplicación y empiece de nuevo.
error-allow-cookies-heading = Esta página necesita cookies
error-allow-cookies = Su navegador no ha enviado cookies de este servidor, o la página pertenece a otro navegador. Permita las cookies de este sitio. Después vuelva a la aplicación y empiece de nuevo.
error-enter-code-again = Ha estado abierta demasiado tiempo o pertenece a otro navegador. Introduzca otra vez el código de su dispositivo.
error-sign-out-again = Ha estado abierta demasiado tiempo. Cierre la sesión otra vez.
error-set-up-link-heading = Este enlace de configuración ya no funciona
error-set-up-link = Ya se ha usado o ha caducado. Reinicie el servidor para obtener otro.
error-use-pkce-heading = Esta aplicación no está bien protegida
error-use-pkce = No protege sus solicitudes de inicio de sesión como este servidor exige (PKCE). Avise a los responsables de la aplicación; los de este servidor pueden eximirla.
error-open-link-again = Ha estado abierta demasiado tiempo. Abra otra vez el enlace.
error-open-account-again = Ha estado abierta demasiado tiempo o pertenece a otro navegador. Abra su cuenta e inténtelo de nuevo.
error-nothing-here-heading = No hay nada en esta dirección
error-nothing-here = Compruebe si la dirección está bien escrita, o siga desde la página de inicio.
error-too-many-attempts-heading = Demasiados intentos
error-too-many-attempts = Espere un rato y vuelva a intentarlo.
error-unavailable-heading = Este servidor no puede responder en este momento
error-unavailable = Espere un momento y vuelva a intentarlo.
error-mistake-heading = Este servidor ha cometido un error
error-mistake = Vuelva a intentarlo. Si se repite, comunique la referencia de abajo a los responsables de este servidor.
error-home = Ir a la página de inicio
error-for-developers = Para desarrolladores
error-reference = Referencia
error-what-to-do = Qué hacer con esta referencia
error-way-back = La respuesta es para { $host }. Continúe allí solo si confía en ese sitio.

## Para qué sirve una referencia

reference-title = Referencia del error
reference-what = Una referencia identifica una respuesta concreta de este servidor. No contiene nada secreto y puede compartirse.
reference-user = Si estaba iniciando sesión
reference-user-advice = Vuelva a la aplicación y empiece de nuevo. Si se repite, indique esta referencia a los responsables de la aplicación.
reference-developer = Si desarrolla la aplicación
reference-developer-redirect-uri = La URI de redirección está registrada para el cliente exactamente como se envió.
reference-developer-client = El identificador del cliente, su secreto o clave y su método de autenticación son los de su registro.
reference-developer-allowed = El cliente tiene permitidos el tipo de concesión, el tipo de respuesta y todos los ámbitos.
reference-developer-code = El código se usa una sola vez, dentro de su período de validez y con el verificador PKCE que le corresponde.
reference-developer-clocks = Los relojes de ambas máquinas están en hora.
reference-operator = Si administra este servidor
reference-operator-advice = Busque esta referencia en su registro. El motivo completo está escrito allí y en ningún otro sitio.
reference-operator-pkce = ¿Falta un code_challenge? La aplicación debería usar PKCE con S256. Si no puede, exímala: client update ID --no-require-pkce. Los clientes públicos no se pueden eximir.

## El segundo paso del inicio de sesión

second-step = Un paso más
second-step-app = Su aplicación de autenticación muestra un código para esta cuenta. Escríbalo aquí.
second-step-app-code = Código de su aplicación de autenticación
second-step-app-wrong = Ese código es incorrecto o ya se usó. Espere al siguiente.
second-step-recovery = Escriba uno de los códigos de recuperación que guardó. Cada uno funciona una vez.
second-step-recovery-code = Código de recuperación
second-step-recovery-wrong = Ese código de recuperación es incorrecto o ya se usó. Pruebe con otro.
second-step-use-recovery = Usar un código de recuperación
second-step-use-app = Usar la aplicación de autenticación
second-step-expired = Ha pasado demasiado tiempo. Inicie sesión de nuevo.

## La aplicación de autenticación y los códigos de recuperación

app-title = Aplicación de autenticación
app-add-heading = Añadir un segundo paso
app-add-needed = Para iniciar sesión aquí necesita un segundo paso: un código de una aplicación de su teléfono.
app-scan = Escanee esta imagen con una aplicación de autenticación. Después escriba el código que muestra la aplicación.
app-picture = La clave como imagen para su aplicación de autenticación
app-key = O escriba esta clave en la aplicación:
app-open = Abrir en una aplicación de este dispositivo
app-code = Código
app-turn-on = Activar
app-wrong = Ese código es incorrecto. Espere al siguiente.
app-clock-slow = { $minutes ->
    [one] El reloj de su teléfono va { $minutes } minuto atrasado. Póngalo en automático y escriba el siguiente código.
   *[other] El reloj de su teléfono va { $minutes } minutos atrasado. Póngalo en automático y escriba el siguiente código.
}
app-clock-fast = { $minutes ->
    [one] El reloj de su teléfono va { $minutes } minuto adelantado. Póngalo en automático y escriba el siguiente código.
   *[other] El reloj de su teléfono va { $minutes } minutos adelantado. Póngalo en automático y escriba el siguiente código.
}
app-on = Su aplicación de autenticación está activada. Después de la contraseña pedimos su código.
app-turn-off = Desactivar
app-turn-off-what = Después bastará su contraseña para iniciar sesión, y sus códigos de recuperación dejarán de funcionar.
codes-title = Códigos de recuperación
codes-advice = Un código de recuperación le permite iniciar sesión cuando no tiene su teléfono. Cada código funciona una vez. Guárdelos con sus papeles importantes.
codes-now = Se muestran solo ahora. Cópielos antes de salir de esta página.
codes-saved = Los he guardado
codes-left = { $codes ->
    [one] Le queda { $codes } código.
   *[other] Le quedan { $codes } códigos.
}
codes-make = Crear códigos nuevos
codes-make-what = Los códigos que tiene ahora dejarán de funcionar.

register-link = Crear una cuenta
register-title = Crear una cuenta
register-advice = Recibirá un correo con un enlace. Su cuenta estará lista cuando lo haya abierto.
register-create = Crear cuenta
register-domain = Las cuentas de aquí son para otras direcciones de correo. Use la de su organización.
register-sent-next = Si puede tener una cuenta con esa dirección, un enlace está en camino. Funciona durante un día. Si no llega nada, mire en el correo no deseado.
register-confirm-title = Termine de crear su cuenta
register-confirm-password = Abrió el enlace en otro navegador. Escriba la contraseña que eligió.
register-confirm-warning = Si no pidió esta cuenta, cierre esta página. Entonces no se crea nada.
register-wrong-password = Esa no es la contraseña que eligió. Inténtelo de nuevo o vuelva a crear la cuenta.
register-waiting-heading = Su cuenta tiene que ser aprobada
register-waiting = Quienes administran este servidor la revisarán. Inicie sesión cuando se lo hayan dicho.
register-over-next = Inicie sesión si su cuenta está lista. Si no, vuelva a crearla.
register-invited-heading = Las cuentas son por invitación
register-invited = Pida una invitación a quienes administran este servidor.
mail-register-subject = Termine de crear su cuenta
mail-register-text = Alguien pidió una cuenta en { $server } con esta dirección. Abra el enlace para crearla.
mail-register-button = Crear cuenta
mail-register-ignore = Si no fue usted, no tiene que hacer nada. Entonces no se crea ninguna cuenta.
mail-exists-subject = Ya tiene una cuenta
mail-exists-text = Alguien pidió una cuenta en { $server } con esta dirección, que ya tiene una.
mail-exists-button = Iniciar sesión
mail-exists-ignore = Si no fue usted, no tiene que hacer nada. Si olvidó la contraseña, pida una nueva en la página de inicio de sesión.

codes-no-app = Añada primero una llave de acceso o active una aplicación de autenticación. Entonces recibirá códigos de recuperación.

## Llaves de acceso

passkey-sign-in = Iniciar sesión con una llave de acceso
passkey-none = No se usó ninguna llave de acceso. Vuelva a intentarlo o use su contraseña.
passkey-unknown = Esta llave de acceso no se conoce aquí. Inicie sesión de otra forma.
passkey-refused = Esta llave de acceso no se aceptó. Inicie sesión de otra forma.
passkey-unsupported = Las llaves de acceso necesitan JavaScript y un navegador que las admita.
passkey-add-needed = Para iniciar sesión aquí necesita un segundo paso: una llave de acceso o un código de una aplicación de su teléfono.
passkeys-title = Llaves de acceso
passkeys-advice = Su huella, su cara o el bloqueo de pantalla inicia la sesión. No hay nada que recordar.
passkeys-add = Añadir una llave de acceso
passkeys-added = Ahora puede iniciar sesión con { $name }.
passkeys-removed = La llave de acceso se ha quitado. Elimínela también en su dispositivo.
passkeys-not-made = No se añadió ninguna llave de acceso. Vuelva a intentarlo.
passkeys-known = Este dispositivo ya tiene una llave de acceso para su cuenta.
passkeys-impossible = Aquí no son posibles las llaves de acceso: necesitan https y un servidor con nombre, no con un número.
passkeys-too-many = { $passkeys ->
    [one] Tiene { $passkeys } llave de acceso y no se pueden añadir más. Quítela primero.
   *[other] Tiene { $passkeys } llaves de acceso y no se pueden añadir más. Quite una primero.
}
passkeys-codes = Crear códigos de recuperación, por si pierde su llave de acceso
passkeys-made = Añadida
passkeys-rename = Cambiar el nombre
passkeys-name = Nombre
passkeys-name-refused = { $characters ->
    [one] Elija un nombre de { $characters } carácter visible.
   *[other] Elija un nombre de { $characters } caracteres visibles como máximo.
}
passkeys-remove = Quitar la llave de acceso
passkeys-last = Es su única forma de iniciar sesión. Antes de quitarla, añada otra llave de acceso o elija una contraseña.
passkeys-on-devices = En sus dispositivos
passkeys-on-security-key = En una llave de seguridad
security-passkeys = { $passkeys ->
    [one] Puede iniciar sesión con { $passkeys } llave de acceso.
   *[other] Puede iniciar sesión con { $passkeys } llaves de acceso.
}
security-app-none = No hay ninguna aplicación activada.
app-turn-off-passkeys = Sus llaves de acceso y sus códigos de recuperación siguen funcionando.
second-step-passkey = Use su llave de acceso: su huella, su cara o el bloqueo de pantalla confirma que es usted.
second-step-use-passkey = Usar la llave de acceso
second-step-passkey-none = No se usó ninguna llave de acceso. Vuelva a intentarlo o elija otra forma.
second-step-passkey-wrong = Esta llave de acceso no se aceptó. Vuelva a intentarlo o elija otra forma.
activity-passkey-signed-in = Inició sesión con una llave de acceso
activity-passkey-refused = No se aceptó una llave de acceso
activity-passkey-added = Se añadió una llave de acceso
activity-passkey-removed = Se quitó una llave de acceso
mail-passkey-added-subject = Se ha añadido una llave de acceso a su cuenta
mail-passkey-added-text = A partir de ahora inicia su sesión en { $server }. También después de la contraseña pedimos una llave de acceso.
mail-passkey-removed-subject = Se ha quitado una llave de acceso de su cuenta
mail-passkey-removed-text = A partir de ahora ya no inicia su sesión en { $server }.
