
## A page for administrators

forbidden-heading = Bu sayfa yöneticiler içindir
forbidden-what = Hesabınızın bu sunucuyu yönetme yetkisi yok.

## The pages of administrators

admin-title = Yönetim
admin-dashboard = Genel bakış
admin-people = Kişiler
admin-groups = Gruplar
admin-apps = Uygulamalar
admin-apis = Hizmetler (API)
admin-tokens = Kayıt belirteçleri
admin-keys = İmza anahtarları
admin-settings = Ayarlar

## On several of these pages

admin-locked = Burada her şeye bakabilirsiniz.
admin-unlock = Değişiklik yapmak için yeniden oturum açın
admin-search = Ara
admin-clear = Aramayı temizle
admin-first = İlk sayfa
admin-any = Tümü
admin-none = Yok
admin-yes = Evet
admin-no = Hayır
admin-action = İşlem
admin-status = Durum
admin-since = Başlangıç
admin-expires = Son geçerlilik
admin-used = Kullanılan
admin-value = Değer
admin-more = Daha fazla
admin-kind = Tür
admin-state-active = Etkin
admin-state-enabled = Açık
admin-state-disabled = Devre dışı
admin-state-invited = Davet edildi
admin-state-over = Tükendi veya süresi doldu
admin-disable = Devre dışı bırak
admin-enable = Etkinleştir
admin-delete = Sil
admin-ending = Devre dışı bırakma veya silme
admin-disable-instead = Bunun yerine devre dışı bırakın, sonra karar verin
admin-delete-heading = { $name } silinsin mi?
admin-type-name = Onaylamak için { $name } yazın
admin-other-name = Bu başka bir ad. Hiçbir şey silinmedi.
admin-no-match = Hiçbir şey eşleşmiyor. Aramayı temizleyin veya daha az yazın.
admin-unknown = Bu arada silinmiş olabilir.
admin-stale = Bu arada birisi bunu değiştirdi. Karşılaştırıp yeniden kaydedin.
admin-now = Şu anki değeri: { $value }
admin-refused = Bu kaydedilemez.
admin-not-json = İpucundaki gibi bir JSON nesnesi yazın veya boş bırakın.
admin-shown-once = Yalnızca şimdi gösterilir. Bu sayfadan ayrılmadan önce kopyalayın.
admin-created = { $name } oluşturuldu.
admin-deleted = { $name } silindi.
admin-disabled-done = { $name } devre dışı bırakıldı.
admin-enabled-done = { $name } yeniden etkin.

## The overview

admin-welcome = Bu sunucu yeni. Üç adım onu kullanışlı kılar.
admin-step-app = Kişilerin oturum açacağı ilk uygulamayı bağlayın.
admin-step-people = Onu kullanacak kişileri davet edin.
admin-step-factor = Kendi hesabınızı ikinci bir adımla koruyun.
admin-warn-factor = Kendi hesabınızın ikinci adımı yok. Parolanızı öğrenen herkes bu sunucuyu yönetebilir.
admin-warn-mail = E-posta kurulu değil. Bağlantıları kişilere siz verirsiniz ve kimse unuttuğu parolayı tek başına yenileyemez.
admin-counts-caption = Oturum açmalar ve onları engelleyenler
admin-day = 24 saat
admin-month = 30 gün
admin-server = Bu sunucu
admin-key-age = { $algorithm } anahtarı, imzalamaya başladığı zaman
admin-version = Sürüm

## People

admin-people-caption = Oturum açabilen herkes
admin-people-search = Şununla başlayan kullanıcı adı veya e-posta
admin-people-none = Henüz kimse oturum açamıyor.
admin-group = Grup
admin-last-sign-in = Son oturum açma
admin-person = Kişi
admin-person-new = Kişi davet et
admin-person-new-what = Kişi, bir kez çalışan bir bağlantıyla parolasını seçer. Siz onu hiç görmezsiniz.
admin-invite = Davet et
admin-invite-by-mail = Bağlantı bu adrese gönderilir. Adres yoksa bağlantıyı siz görür ve iletirsiniz.
admin-invite-by-hand = E-posta kurulu olmadığından bağlantıyı bir kez görür ve iletirsiniz.
admin-person-open = Bu kişiye git
admin-given-name = Ad
admin-family-name = Soyadı
admin-phone = Telefon numarası
admin-email-verified = Adres doğrulandı
admin-email-taken = Bu adres başka birinin.
admin-custom-claims = Diğer bilgiler
admin-custom-claims-hint = Örneğin department ve employee_number adlarını içeren bir JSON nesnesi. Bir izin açıyorsa uygulamalar bilgiyi görür.
admin-claim-has-field = { $claim } için ayrı bir alan var veya burada ayarlanamaz.
admin-last-administrator = Başka kimse yönetici olarak oturum açamıyor. Önce başka birini yönetici yapın.
admin-person-no-groups = Henüz hiçbir grupta değil.
admin-description = Açıklama
admin-member-add = Gruba ekle
admin-member-remove = Gruptan çıkar
admin-member-added = { $name } artık grupta.
admin-member-removed = { $name } artık grupta değil.
admin-role = Rol
admin-administrator = Yönetici
admin-administrator-what = Bu sunucudaki her kişiyi, uygulamayı ve anahtarı değiştirebilir.
admin-sign-in = Oturum açma
admin-password-set = Parolası var
admin-password-none = Henüz parolası yok
admin-app-on = Bir uygulamanın kodu soruluyor
admin-app-off = Kurulu değil
admin-invitation = Davet
admin-invitation-what = Parola seçmek için yeni bir bağlantı. Önceki artık çalışmaz.
admin-invite-again = Yeni davet oluştur
admin-reset = Unutulan parola
admin-reset-what = Bu kişinin yeni bir parola belirlediği bağlantı. Bir kez çalışır ve her yerdeki oturumlarını kapatır.
admin-reset-make = Bağlantı oluştur
admin-link = Bağlantı
admin-link-heading = { $name } için bağlantı
admin-lock = Kilitli
admin-lock-what = Çok fazla yanlış paroladan sonra bir süre deneme yapılamaz. Bu kişinin hemen yeniden denemesine izin verebilirsiniz.
admin-lock-open = Kilidi aç
admin-unlocked = { $name } yeniden oturum açmayı deneyebilir.
admin-factors = Kayıp telefon
admin-factors-what = Kimlik doğrulama uygulamasını ve kurtarma kodlarını kaldırır. Yenisi eklenene kadar yalnızca parola yeter.
admin-factors-reset = İkinci adımı kaldır
admin-factors-removed = { $name } için artık ikinci adım yok.
admin-devices = Cihazlar
admin-devices-none = Hiçbir yerde oturumu açık değil.
admin-sign-out-everywhere = Her yerde oturumu kapat
admin-signed-out = { $name } her yerde oturumdan çıkarıldı.
admin-person-disable = { $name } devre dışı bırakılsın mı?
admin-person-disable-what = Bu kişinin her yerdeki oturumu hemen kapanır ve yeniden oturum açamaz. Daha sonra etkinleştirebilirsiniz.
admin-person-enable = { $name } etkinleştirilsin mi?
admin-person-enable-what = Bu kişi yeniden oturum açabilir. Sona erenler geri gelmez.
admin-person-delete-what = Oturumları, uygulamaların erişimi, grupları ve geçmişi bu kişiyle birlikte gider. Bu geri alınamaz.

## Groups

admin-groups-caption = Kişi grupları
admin-groups-none = Henüz grup yok. Bir grup, üyelerine uygulamaları açar.
admin-group-new = Yeni grup
admin-group-name = Uygulamalar için ad
admin-group-name-hint = Sonradan değiştirilemez: uygulamalar grubu bu adla tanır.
admin-group-create = Grup oluştur
admin-group-taken = Bu ad başka bir grubun.
admin-display-name = Kişiler için ad
admin-details = Grup hakkında
admin-members-heading = Üyeler
admin-members-none = Bu grupta henüz kimse yok.
admin-member-add-person = Kişi ekle
admin-no-such-person = Bu kullanıcı adı veya e-posta kimsede yok.
admin-group-claims-hint = Bir JSON nesnesi. Her üye bu bilgilere de sahiptir.
admin-group-delete-what = Üyeleri yalnızca bu grubun verdiklerini yitirir ve başka grup kabul etmeyen uygulamalar kimseyi almaz. Bu geri alınamaz.

## Applications

admin-apps-caption = Uygulamalar ve programlar
admin-apps-search = Şununla başlayan ad veya istemci kimliği
admin-apps-none = Henüz uygulama yok. İlkinin türünü seçin.
admin-app = Uygulama
admin-app-new = Yeni uygulama
admin-app-new-what = Bu ne tür bir uygulama? Oturumun nasıl açılacağı türe bağlıdır.
admin-app-create = Uygulama oluştur
admin-app-result = { $name } bağlanabilir
admin-app-open = Bu uygulamaya git
admin-client-id = İstemci kimliği
admin-secret = İstemci gizli anahtarı
admin-issuer = Yayımlayan
admin-discovery = Programlar için yapılandırma
admin-scope = İzinler
admin-notes = Bu kayıt hakkında bilinmesi gerekenler
admin-kind-web = Web uygulaması
admin-kind-web-what = Bir sunucuda çalışır ve gizli anahtar saklayabilir. Kişilerin kendi barındırdığı uygulamaların çoğu bu türdendir.
admin-kind-single-page = Tek sayfalı uygulama
admin-kind-single-page-what = Yalnızca tarayıcıda çalışır ve gizli anahtar saklamaz.
admin-kind-native = Yüklü uygulama
admin-kind-native-what = Telefona veya bilgisayara yüklüdür ya da komut satırında çalışır.
admin-kind-device = Cihaz
admin-kind-device-what = Televizyon gibi, tarayıcısı veya klavyesi yoktur. Oturum telefonda açılır.
admin-kind-machine = Makine
admin-kind-machine-what = Bir kişi olmadan kendi adına çalışan program.
admin-kind-api = Hizmet (API)
admin-kind-api-what = Belirteç alan ve geçerli olup olmadığını bu sunucuya soran hizmet.
admin-redirect-uris-hint = Her satırda bir adres. Son eğik çizgi dahil harf harf karşılaştırılır.
admin-redirect-uris-native-hint = Her satırda bir tane: bu cihazın her portu için http://127.0.0.1/callback veya kendi şeması.
admin-resources-hint = Her satırda bir tanımlayıcı. Kayıtlı bir API çağırmıyorsa boş bırakın.
admin-jwks-uri-hint = Açık anahtarlarının https adresi. Bunlarla gizli anahtara gerek kalmaz.
admin-require-pkce-hint = Uygulama yapabiliyorsa açık bırakın.
admin-allowed-groups-hint = Her satırda bir grup. Hiç yoksa kimse giremez.
admin-consent = Onay
admin-consent-ask = Erişimden önce kişilere sor
admin-consent-own = Sorma: bu bizim kendi uygulamamız
admin-entry = Kimler girebilir
admin-entry-everybody = Herkes
admin-entry-groups = Yalnızca bu grupların üyeleri
admin-advanced-defaults = Gelişmiş: tümü varsayılan
# $members: a whole number, at least 1
admin-advanced-changed = { $members ->
    [one] Gelişmiş: { $members } değişiklik
   *[other] Gelişmiş: { $members } değişiklik
}
admin-secret-replace = Gizli anahtarı değiştir
admin-secret-heading = { $name } için gizli anahtar değiştirilsin mi?
admin-secret-what = Eski gizli anahtar hemen geçersiz olur; uygulama yenisini alana kadar çalışmaz.
admin-app-disable = { $name } devre dışı bırakılsın mı?
admin-app-disable-what = Kimse orada oturum açamaz ve aldığı her şey geçersiz olur. Daha sonra etkinleştirebilirsiniz.
admin-app-enable = { $name } etkinleştirilsin mi?
admin-app-enable-what = Kişiler orada yeniden oturum açabilir.
admin-app-delete-what = Herkes erişimini yitirir ve ayarları silinir. Bu geri alınamaz.
admin-tab-overview = Hakkında
admin-tab-access = Erişim
admin-tab-told = Ne öğrenir
admin-tab-proof = Kanıt
admin-tab-advanced = Gelişmiş
admin-m-client-name = Ad
admin-m-logo-uri = Görsel
admin-m-client-uri = Ana sayfa
admin-m-initiate-login-uri = Başlangıç sayfası
admin-m-contacts = İletişim
admin-m-policy-uri = Gizlilik politikası
admin-m-tos-uri = Kullanım koşulları
admin-m-redirect-uris = Dönüş adresleri
admin-m-post-logout-redirect-uris = Oturum kapandıktan sonraki adresler
admin-m-require-pkce = Oturum açmayı başlattığını kanıtlar (PKCE)
admin-m-grant-types = Belirteç alma yolları
admin-m-application-type = Nerede çalışır
admin-m-allow-http-redirect = Yerel ağda http kullanabilir
admin-m-allowed-groups = İzin verilen gruplar
admin-m-scope = İzinler
admin-m-resources = Hizmetler (API)
admin-m-default-resource = Olağan API
admin-m-first-party = Bizim: kişilerden onay istenmez
admin-m-default-max-age = En eski oturum açma, saniye olarak
admin-m-default-acr-values = Oturum açmanın gücü
admin-m-id-token-claims = Kişi bilgileri kimlik belirtecindedir
admin-m-backchannel-logout-uri = Oturum kapanışları şuraya bildirilir
admin-m-backchannel-session = Bildirim oturumu belirtir
admin-m-frontchannel-logout-uri = Tarayıcıda şuraya bildirilir
admin-m-frontchannel-session = Tarayıcıdaki bildirim oturumu belirtir
admin-m-subject-type = Kişi kimliği: özel veya ortak
admin-m-sector-identifier-uri = Kimlikleri paylaşan uygulamalar
admin-m-require-auth-time = Kişinin ne zaman oturum açtığını her zaman öğrenir
admin-m-claim-mapping = Yeniden adlandırılan bilgiler
admin-m-auth-method = Kendini nasıl kanıtlar
admin-m-jwks-uri = Anahtarlarının adresi
admin-m-jwks = Anahtarlar
admin-m-auth-alg = Kanıtlarının imzası
admin-m-access-token-format = Erişim belirteci
admin-m-access-token-typ = Erişim belirtecinin türü
admin-m-id-token-alg = Kimlik belirtecinin imzası
admin-m-userinfo-alg = Kişi bilgilerinin imzası
admin-m-require-par = İsteklerini önceden bırakmalıdır
admin-m-require-request-object = İsteklerini imzalamalıdır
admin-m-request-object-alg = İsteklerinin imzası
admin-m-request-uris = İsteklerinin adresleri
admin-m-resource-server = Her belirteci denetleyebilir

## The server

admin-keys-what = Uygulamalar belirteçleri bu anahtarlarla doğrular. Düzenli olarak değiştirilirler.
admin-keys-caption = Anahtarlar, en yenisi önce
admin-key = Anahtar
admin-algorithm = Algoritma
admin-made = Oluşturulma
admin-key-next = Sırada imzalayacak
admin-key-current = Şimdi imzalıyor
admin-key-previous = Artık imzalamıyor, belirteçleri geçerli
admin-key-retired = Artık yayımlanmıyor
admin-keys-rotate = Anahtarları değiştir
admin-keys-rotated = Artık sıradaki anahtarlar imzalıyor.
admin-rotate-what = Her algoritmanın sıradaki anahtarı imzalamaya başlar ve sonrası için bir yenisi oluşturulur.
admin-rotate-why = Neden
admin-rotate-scheduled = Düzenli olarak: kimse fark etmez
admin-rotate-emergency = Hemen: bazı uygulamalar birkaç dakika çalışmayabilir
admin-rotate-compromised = Bir anahtarı başkaları biliyor: herkes yeniden oturum açmalı
admin-rotate-too-fresh = Uygulamalar sıradaki anahtarı henüz bilmiyor olabilir. Beş dakika sonra yeniden deneyin.
admin-api = Hizmet
admin-apis-what = Uygulamaların belirteç aldığı hizmetler. Komut satırında eklenir ve değiştirilir: resource create.
admin-apis-none = Kayıtlı API yok.
admin-identifier = Tanımlayıcı
admin-permissions = İzinler
admin-token = Kayıt belirteci
admin-tokens-what = Böyle bir belirteçle uygulama kendini kaydeder.
admin-tokens-none = Henüz belirteç yok.
admin-token-new = Yeni kayıt belirteci
admin-token-uses = Kaç kayıt
admin-token-days = Kaç gün geçerli
admin-token-create = Belirteç oluştur
admin-token-number = Bir tam sayı yazın: 1 ile 10000 kayıt veya 1 ile 365 gün.
admin-token-revoke = Belirteci iptal et
admin-token-revoke-what = Onunla artık hiçbir şey kaydolamaz. Kaydolmuş uygulamalar kalır.
admin-token-revoked = Belirteç iptal edildi.
admin-settings-what = Yapılandırma dosyasından ve ortamdan gelirler. Değişiklik için yeniden başlatmak gerekir.
admin-setting = Ayar
admin-source = Kaynak
admin-setting-default = Varsayılan

## Activity

admin-sign-ins = Oturum açmalar
admin-changes = Değişiklikler
admin-events-caption = Oturum açmalar, en yenisi önce
admin-event-signed-in = Oturum açıldı
admin-event-wrong-password = Yanlış parola
admin-event-disabled = Oturum açılamadı: devre dışı
admin-event-locked-out = Çok fazla deneme
admin-event-password-changed = Parola değişti
admin-event-link-used = Bağlantı kullanıldı
admin-event-unlocked = Bir yönetici kilidi açtı
admin-event-wrong-code = İkinci adımda yanlış kod
admin-event-recovery-code = Kurtarma kodu kullanıldı
admin-event-factor-added = Kimlik doğrulama uygulaması açıldı
admin-event-factor-removed = Kimlik doğrulama uygulaması kapatıldı
admin-event-passkey-signed-in = Geçiş anahtarıyla oturum açıldı
admin-event-passkey-refused = Geçiş anahtarı kabul edilmedi
admin-event-passkey-added = Geçiş anahtarı eklendi
admin-event-passkey-removed = Geçiş anahtarı kaldırıldı
admin-changes-caption = Yöneticilerin değiştirdikleri, en yenisi önce
admin-changes-search = Bir kişinin, uygulamanın veya anahtarın kimliği
admin-change = Değişiklik
admin-target = Neyin
admin-who = Yapan
admin-members = Öncesi ve sonrası
# $members: a whole number, at least 4; a click shows them
admin-members-many = { $members ->
    [one] { $members } bilgi
   *[other] { $members } bilgi
}
admin-actor-command-line = Komut satırı
admin-actor-set-up = Kurulum bağlantısı
admin-actor-self-registered = Bir uygulamanın kendisi
admin-actor-server = Bu sunucunun kendisi
