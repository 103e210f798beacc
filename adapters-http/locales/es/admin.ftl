
## A page for administrators

forbidden-heading = Esta página es para administradores
forbidden-what = Su cuenta no tiene derecho a administrar este servidor.

## The pages of administrators

admin-title = Administración
admin-dashboard = Resumen
admin-people = Personas
admin-groups = Grupos
admin-apps = Aplicaciones
admin-apis = Servicios (API)
admin-tokens = Tokens de registro
admin-keys = Claves de firma
admin-settings = Ajustes

## On several of these pages

admin-locked = Aquí puede verlo todo.
admin-unlock = Iniciar sesión de nuevo para hacer cambios
admin-search = Buscar
admin-clear = Borrar la búsqueda
admin-first = Primera página
admin-any = Todos
admin-none = Nada
admin-yes = Sí
admin-no = No
admin-action = Acción
admin-status = Estado
admin-since = Desde
admin-expires = Válido hasta
admin-used = Usado
admin-value = Valor
admin-more = Más
admin-kind = Tipo
admin-state-active = Activo
admin-state-enabled = Habilitado
admin-state-disabled = Inhabilitado
admin-state-invited = Invitado
admin-state-over = Agotado o caducado
admin-disable = Inhabilitar
admin-enable = Habilitar
admin-delete = Eliminar
admin-ending = Inhabilitar o eliminar
admin-disable-instead = Mejor inhabilitar y decidir más tarde
admin-delete-heading = ¿Eliminar { $name }?
admin-type-name = Escriba { $name } para confirmar
admin-other-name = Ese es otro nombre. No se ha eliminado nada.
admin-no-match = Nada coincide. Borre la búsqueda o escriba menos.
admin-unknown = Puede que se haya eliminado entretanto.
admin-stale = Alguien lo cambió entretanto. Compare y guarde de nuevo.
admin-now = Ahora es: { $value }
admin-refused = Esto no se puede guardar.
admin-not-json = Escriba un objeto JSON como el de la indicación, o deje el campo vacío.
admin-shown-once = Solo se muestra ahora. Cópielo antes de salir de esta página.
admin-created = Se ha creado { $name }.
admin-deleted = Se ha eliminado { $name }.
admin-disabled-done = Se ha inhabilitado { $name }.
admin-enabled-done = Se ha habilitado de nuevo { $name }.

## The overview

admin-welcome = Este servidor es nuevo. Tres pasos lo hacen útil.
admin-step-app = Conecte la primera aplicación en la que se inicia sesión.
admin-step-people = Invite a las personas que la usarán.
admin-step-factor = Proteja su propia cuenta con un segundo paso.
admin-warn-factor = Su propia cuenta no tiene segundo paso. Quien averigüe su contraseña puede administrar este servidor.
admin-warn-mail = El correo no está configurado. Usted entrega los enlaces, y nadie puede cambiar por sí mismo una contraseña olvidada.
admin-counts-caption = Inicios de sesión y lo que los impidió
admin-day = 24 horas
admin-month = 30 días
admin-server = Este servidor
admin-key-age = Clave { $algorithm }, firma desde
admin-version = Versión

## People

admin-people-caption = Todas las personas que pueden iniciar sesión
admin-people-search = El nombre de usuario o el correo empieza por
admin-people-none = Todavía nadie puede iniciar sesión.
admin-group = Grupo
admin-last-sign-in = Último inicio de sesión
admin-person = Persona
admin-person-new = Invitar a una persona
admin-person-new-what = La persona elige su contraseña con un enlace que funciona una vez. Usted nunca la ve.
admin-invite = Invitar
admin-invite-by-mail = El enlace se envía a esta dirección. Sin dirección, usted ve el enlace y lo entrega.
admin-invite-by-hand = Usted ve el enlace una vez y lo entrega, porque el correo no está configurado.
admin-person-open = Ir a esta persona
admin-given-name = Nombre de pila
admin-family-name = Apellidos
admin-phone = Número de teléfono
admin-email-verified = La dirección está confirmada
admin-email-taken = Otra persona tiene esta dirección.
admin-custom-claims = Otros datos
admin-custom-claims-hint = Un objeto JSON, por ejemplo con los nombres department y employee_number. Las aplicaciones ven un dato si un permiso lo abre.
admin-claim-has-field = { $claim } tiene su propio campo o no se puede fijar aquí.
admin-last-administrator = Nadie más puede iniciar sesión como administrador. Haga antes administrador a otra persona.
admin-person-no-groups = Todavía en ningún grupo.
admin-description = Descripción
admin-member-add = Añadir al grupo
admin-member-remove = Quitar del grupo
admin-member-added = { $name } está en el grupo.
admin-member-removed = { $name } ya no está en el grupo.
admin-role = Función
admin-administrator = Administra este servidor
admin-administrator-what = Puede cambiar a toda persona, aplicación y clave de este servidor.
admin-sign-in = Inicio de sesión
admin-password-set = Tiene contraseña
admin-password-none = Todavía no tiene contraseña
admin-app-on = Se le pide el código de una aplicación
admin-app-off = No está configurada
admin-invitation = Invitación
admin-invitation-what = Un enlace nuevo para elegir una contraseña. El anterior deja de funcionar.
admin-invite-again = Crear otra invitación
admin-reset = Contraseña olvidada
admin-reset-what = Un enlace con el que esta persona fija una contraseña nueva. Funciona una vez y cierra su sesión en todas partes.
admin-reset-make = Crear un enlace
admin-link = Enlace
admin-link-heading = Un enlace para { $name }
admin-lock = Acceso bloqueado
admin-lock-what = Tras demasiadas contraseñas erróneas nadie puede intentarlo durante un rato. Puede permitir ya otro intento.
admin-lock-open = Desbloquear
admin-unlocked = { $name } puede volver a intentarlo.
admin-factors = Teléfono perdido
admin-factors-what = Quita la aplicación de autenticación y los códigos de recuperación. Hasta que se añada otra, basta la contraseña.
admin-factors-reset = Quitar el segundo paso
admin-factors-removed = { $name } ya no tiene segundo paso.
admin-devices = Dispositivos
admin-devices-none = Sin sesiones abiertas.
admin-sign-out-everywhere = Cerrar sesión en todas partes
admin-signed-out = Se ha cerrado la sesión de { $name } en todas partes.
admin-person-disable = ¿Inhabilitar { $name }?
admin-person-disable-what = Se cierra de inmediato su sesión en todas partes y no puede iniciar otra. Puede habilitar a esta persona más tarde.
admin-person-enable = ¿Habilitar { $name }?
admin-person-enable-what = Esta persona puede volver a iniciar sesión. Lo que terminó sigue terminado.
admin-person-delete-what = Con esta persona desaparecen sus sesiones, el acceso de las aplicaciones, sus grupos y su historial. No se puede deshacer.

## Groups

admin-groups-caption = Grupos de personas
admin-groups-none = Todavía no hay grupos. Un grupo abre aplicaciones a sus miembros.
admin-group-new = Grupo nuevo
admin-group-name = Nombre para las aplicaciones
admin-group-name-hint = No se puede cambiar después: las aplicaciones conocen al grupo por él.
admin-group-create = Crear grupo
admin-group-taken = Otro grupo tiene este nombre.
admin-display-name = Nombre para las personas
admin-details = Sobre el grupo
admin-members-heading = Miembros
admin-members-none = Todavía no hay nadie en este grupo.
admin-member-add-person = Añadir persona
admin-no-such-person = Nadie tiene este nombre de usuario ni este correo.
admin-group-claims-hint = Un objeto JSON. Cada miembro tiene también estos datos.
admin-group-delete-what = Sus miembros pierden lo que solo este grupo les daba, y las aplicaciones que no admiten otro grupo no admiten a nadie. No se puede deshacer.

## Applications

admin-apps-caption = Aplicaciones y programas
admin-apps-search = El nombre o el ID de cliente empieza por
admin-apps-none = Todavía no hay aplicaciones. Elija el tipo de la primera.
admin-app = Aplicación
admin-app-new = Aplicación nueva
admin-app-new-what = ¿Qué tipo de aplicación es? El tipo decide cómo se inicia sesión en ella.
admin-app-create = Crear aplicación
admin-app-result = Ya se puede conectar { $name }
admin-app-open = Ir a esta aplicación
admin-client-id = ID de cliente
admin-secret = Secreto del cliente
admin-issuer = Emisor
admin-discovery = Configuración para programas
admin-scope = Permisos
admin-notes = Qué conviene saber de este registro
admin-kind-web = Aplicación web
admin-kind-web-what = Funciona en un servidor y puede guardar un secreto. La mayoría de las aplicaciones que uno mismo aloja son de este tipo.
admin-kind-single-page = Aplicación de una sola página
admin-kind-single-page-what = Funciona solo en el navegador y no guarda ningún secreto.
admin-kind-native = Aplicación instalada
admin-kind-native-what = Está instalada en un teléfono o un ordenador, o funciona en la línea de órdenes.
admin-kind-device = Dispositivo
admin-kind-device-what = No tiene navegador ni teclado, como un televisor. Se inicia sesión en el teléfono.
admin-kind-machine = Máquina
admin-kind-machine-what = Un programa que actúa por sí mismo, sin una persona.
admin-kind-api = Servicio (API)
admin-kind-api-what = Un servicio que recibe tokens y pregunta a este servidor si son válidos.
admin-redirect-uris-hint = Una dirección en cada línea. Se compara letra por letra, también la última barra.
admin-redirect-uris-native-hint = Una en cada línea: http://127.0.0.1/callback para cualquier puerto de este dispositivo, o un esquema propio.
admin-resources-hint = Un identificador en cada línea. Déjelo vacío si no llama a ninguna API registrada.
admin-jwks-uri-hint = La dirección https de sus claves públicas. Con ellas no necesita secreto.
admin-require-pkce-hint = Déjelo activado, salvo que la aplicación no sepa hacerlo.
admin-allowed-groups-hint = Un grupo en cada línea. Sin ninguno, nadie puede entrar.
admin-consent = Consentimiento
admin-consent-ask = Preguntar a las personas antes de dar acceso
admin-consent-own = No preguntar: es nuestra propia aplicación
admin-entry = Quién puede entrar
admin-entry-everybody = Todo el mundo
admin-entry-groups = Solo los miembros de estos grupos
admin-advanced-defaults = Avanzado: todo como viene
# $members: a whole number, at least 1
admin-advanced-changed = { $members ->
    [one] Avanzado: { $members } cambiado
   *[other] Avanzado: { $members } cambiados
}
admin-secret-replace = Sustituir el secreto
admin-secret-heading = ¿Sustituir el secreto de { $name }?
admin-secret-what = El secreto anterior deja de funcionar de inmediato, y la aplicación también hasta que tenga el nuevo.
admin-app-disable = ¿Inhabilitar { $name }?
admin-app-disable-what = Nadie puede iniciar sesión en ella, y todo lo que recibió deja de funcionar. Puede habilitarla más tarde.
admin-app-enable = ¿Habilitar { $name }?
admin-app-enable-what = Se puede volver a iniciar sesión en ella.
admin-app-delete-what = Todos pierden el acceso y sus ajustes desaparecen. No se puede deshacer.
admin-tab-overview = Acerca de
admin-tab-access = Acceso
admin-tab-told = Qué se le comunica
admin-tab-proof = Prueba
admin-tab-advanced = Avanzado
admin-m-client-name = Nombre
admin-m-logo-uri = Logotipo
admin-m-client-uri = Página principal
admin-m-initiate-login-uri = Página de inicio
admin-m-contacts = Contactos
admin-m-policy-uri = Política de privacidad
admin-m-tos-uri = Condiciones de uso
admin-m-redirect-uris = Direcciones de retorno
admin-m-post-logout-redirect-uris = Direcciones tras cerrar sesión
admin-m-require-pkce = Prueba que comenzó el inicio de sesión (PKCE)
admin-m-grant-types = Formas de obtener tokens
admin-m-application-type = Dónde funciona
admin-m-allow-http-redirect = Puede usar http en la red local
admin-m-allowed-groups = Grupos admitidos
admin-m-scope = Permisos
admin-m-resources = Servicios (API)
admin-m-default-resource = API habitual
admin-m-first-party = Nuestra: no se pide consentimiento
admin-m-default-max-age = Inicio de sesión más antiguo, en segundos
admin-m-default-acr-values = Fuerza del inicio de sesión
admin-m-id-token-claims = Los datos de la persona están en el token de identidad
admin-m-backchannel-logout-uri = Se le avisa de los cierres de sesión en
admin-m-backchannel-session = El aviso nombra la sesión
admin-m-frontchannel-logout-uri = Se le avisa en el navegador en
admin-m-frontchannel-session = El aviso en el navegador nombra la sesión
admin-m-subject-type = ID de una persona: propio o compartido
admin-m-sector-identifier-uri = Aplicaciones que comparten ID
admin-m-require-auth-time = Siempre sabe cuándo inició sesión la persona
admin-m-claim-mapping = Datos con otro nombre
admin-m-auth-method = Cómo prueba quién es
admin-m-jwks-uri = Dirección de sus claves
admin-m-jwks = Claves
admin-m-auth-alg = Firma de sus pruebas
admin-m-access-token-format = Token de acceso
admin-m-access-token-typ = Tipo del token de acceso
admin-m-id-token-alg = Firma del token de identidad
admin-m-userinfo-alg = Firma de los datos de la persona
admin-m-require-par = Debe depositar antes sus solicitudes
admin-m-require-request-object = Debe firmar sus solicitudes
admin-m-request-object-alg = Firma de sus solicitudes
admin-m-request-uris = Direcciones de sus solicitudes
admin-m-resource-server = Puede comprobar todos los tokens

## The server

admin-keys-what = Las aplicaciones comprueban los tokens con estas claves. Se cambian periódicamente.
admin-keys-caption = Claves, la más nueva primero
admin-key = Clave
admin-algorithm = Algoritmo
admin-made = Creada
admin-key-next = Firmará después
admin-key-current = Firma ahora
admin-key-previous = Ya no firma, pero sus tokens son válidos
admin-key-retired = Ya no se publica
admin-keys-rotate = Cambiar las claves
admin-keys-rotated = Desde ahora firman las claves siguientes.
admin-rotate-what = La clave siguiente de cada algoritmo empieza a firmar, y se crea otra para más adelante.
admin-rotate-why = Por qué
admin-rotate-scheduled = Periódicamente: nadie lo nota
admin-rotate-emergency = Ahora mismo: algunas aplicaciones pueden fallar unos minutos
admin-rotate-compromised = Otros conocen una clave: todos tienen que iniciar sesión de nuevo
admin-rotate-too-fresh = Puede que las aplicaciones aún no conozcan la clave siguiente. Inténtelo de nuevo en cinco minutos.
admin-api = Servicio
admin-apis-what = Servicios para los que las aplicaciones obtienen tokens. Se añaden y cambian en la línea de órdenes: resource create.
admin-apis-none = No hay ninguna API registrada.
admin-identifier = Identificador
admin-permissions = Permisos
admin-token = Token de registro
admin-tokens-what = Con un token así, una aplicación se registra a sí misma.
admin-tokens-none = Todavía no hay tokens.
admin-token-new = Token de registro nuevo
admin-token-uses = Cuántos registros
admin-token-days = Cuántos días es válido
admin-token-create = Crear token
admin-token-number = Escriba un número entero: de 1 a 10000 registros, o de 1 a 365 días.
admin-token-revoke = Revocar el token
admin-token-revoke-what = Ya nada puede registrarse con él. Las aplicaciones que lo hicieron se quedan.
admin-token-revoked = El token está revocado.
admin-settings-what = Vienen del archivo de configuración y del entorno. Un cambio requiere reiniciar.
admin-setting = Ajuste
admin-source = Origen
admin-setting-default = Predeterminado

## Activity

admin-sign-ins = Inicios de sesión
admin-changes = Cambios
admin-events-caption = Inicios de sesión, el último primero
admin-event-signed-in = Sesión iniciada
admin-event-wrong-password = Contraseña errónea
admin-event-disabled = Sin sesión: inhabilitado
admin-event-locked-out = Demasiados intentos
admin-event-password-changed = Contraseña cambiada
admin-event-link-used = Enlace usado
admin-event-unlocked = Desbloqueado por un administrador
admin-event-wrong-code = Código erróneo en el segundo paso
admin-event-recovery-code = Código de recuperación usado
admin-event-factor-added = Aplicación de autenticación activada
admin-event-factor-removed = Aplicación de autenticación desactivada
admin-event-passkey-signed-in = Inicio de sesión con llave de acceso
admin-event-passkey-refused = Llave de acceso no aceptada
admin-event-passkey-added = Llave de acceso añadida
admin-event-passkey-removed = Llave de acceso quitada
admin-changes-caption = Lo que cambiaron los administradores, lo último primero
admin-changes-search = ID de una persona, aplicación o clave
admin-change = Cambio
admin-target = De
admin-who = Por
admin-members = Antes y después
# $members: a whole number, at least 4; a click shows them
admin-members-many = { $members ->
    [one] { $members } dato
   *[other] { $members } datos
}
admin-actor-command-line = La línea de órdenes
admin-actor-set-up = El enlace de instalación
admin-actor-self-registered = Una aplicación misma
admin-actor-server = Este mismo servidor
