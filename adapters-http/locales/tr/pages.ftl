### Sayfalar Türkçe. Esas alınan dosya ../en/pages.ftl dosyasıdır.

## Birden çok sayfada

account = Şu hesapla oturum açtınız: { $account }
account-switch = { $account } değil misiniz?
allow = İzin ver
deny = Reddet
cancel = İptal
continue = Devam et
sign-in = Oturum aç
sign-out = Oturumu kapat
username = Kullanıcı adı
username-or-email = Kullanıcı adı veya e-posta
password = Parola
privacy-policy = Gizlilik politikası
terms-of-service = Hizmet koşulları
too-many-attempts = { $minutes ->
    [one] Çok fazla deneme yapıldı. Lütfen { $minutes } dakika sonra yeniden deneyin.
   *[other] Çok fazla deneme yapıldı. Lütfen { $minutes } dakika sonra yeniden deneyin.
}
footer-support = Yardıma mı ihtiyacınız var? Şuraya sorun: { $support }.
footer-imprint = Künye
footer-privacy = Gizlilik

## Oturum açma

login-client = { $client } uygulamasına devam etmek için
client-unverified = Bu uygulama kendi kendini kaydetti. Burada kimse onu doğrulamadı.
login-wrong = Kullanıcı adı ile parola eşleşmiyor. Lütfen yeniden deneyin.
login-ceiling = Bu hesap için çok fazla yanlış parola girildi. Burada daha önce kullandığınız bir tarayıcıyla oturum açın ya da yöneticilerden hesabın kilidini açmalarını isteyin.
login-expired = Bu sayfanın süresi doldu ya da sayfa zaten kullanıldı. Buradan oturum açın ya da uygulamaya dönüp yeniden başlayın.
login-confirm = Devam etmek için yeniden oturum açın. Açtığınız sayfa, oturum açma biçiminizi değiştirir.
login-deleted = Hesabınız silindi.
signed-in-title = Oturum açık
signed-in-heading = Oturumunuz açık
signed-in-ended = Bu sayfanın süresi doldu ya da sayfa zaten kullanıldı. Devam etmek için uygulamaya dönün.
signed-in-home = Burada kal
back-to = { $client } uygulamasına dön

## Bir kişi bir uygulamaya giremez

no-access-title = Erişim yok
no-access-heading = { $client } uygulamasına erişiminiz yok
no-access-ask = Erişim için bu sunucuyu yönetenlere başvurun.
no-access-ask-support = Erişim için şuraya başvurun: { $support }
no-access-switch = Başka bir hesap kullan

## Bir uygulama erişim istiyor

consent-title = Erişime izin ver
consent-heading = { $client } hesabınıza erişmek istiyor
consent-claimable = Bu cihazdaki herhangi bir program kendini { $client } olarak tanıtabilir.
scopes-heading = Uygulama şunları yapabilecek
scope-openid = Oturum açtığınızda kim olduğunuzu bilmek
scope-profile = Adınızı ve profilinizdeki diğer bilgileri görmek
scope-email = E-posta adresinizi görmek
scope-address = Posta adresinizi görmek
scope-phone = Telefon numaranızı görmek
scope-groups = Hangi gruplarda olduğunuzu görmek
scope-read = Verilerinizi okumak
scope-write = Verilerinizi değiştirmek
scope-administration = Bu sunucuyu yönetmek
administration-warning = Dikkat: Bu uygulama bu sunucunun tam denetimini istiyor. Her hesabı, uygulamayı ve anahtarı değiştirebilir. Yalnızca şu anda buna ihtiyacınız olduğundan eminseniz izin verin.
scope-other = Sizin adınıza “{ $scope }” yetkisini kullanmak
claim-name = Adınızı ve soyadınızı görmek
claim-family-name = Soyadınızı görmek
claim-given-name = Adınızı görmek
claim-middle-name = İkinci adınızı görmek
claim-nickname = Takma adınızı görmek
claim-preferred-username = Kullanıcı adınızı görmek
claim-profile = Profil sayfanızın adresini görmek
claim-picture = Resminizi görmek
claim-website = Web sitenizin adresini görmek
claim-gender = Cinsiyetinizi görmek
claim-birthdate = Doğum tarihinizi görmek
claim-zoneinfo = Saat diliminizi görmek
claim-locale = Dilinizi görmek
claim-updated-at = Profilinizin en son ne zaman değiştiğini görmek
claim-email = E-posta adresinizi görmek
claim-email-verified = E-posta adresinizin doğrulanıp doğrulanmadığını görmek
claim-address = Posta adresinizi görmek
claim-phone-number = Telefon numaranızı görmek
claim-phone-number-verified = Telefon numaranızın doğrulanıp doğrulanmadığını görmek
claim-other = “{ $claim }” bilginizi görmek
scope-offline = Siz yokken ve oturumu kapattıktan sonra da bu erişimi korumak
scope-offline-device = Siz geri alana kadar, siz yokken de bu erişimi korumak
access-ends-minutes = { $minutes ->
    [one] Bu erişim en geç { $minutes } dakika sonra sona erer.
   *[other] Bu erişim en geç { $minutes } dakika sonra sona erer.
}
access-ends-hours = { $hours ->
    [one] Bu erişim en geç { $hours } saat sonra sona erer.
   *[other] Bu erişim en geç { $hours } saat sonra sona erer.
}
access-ends-days = { $days ->
    [one] Bu erişim en geç { $days } gün sonra sona erer.
   *[other] Bu erişim en geç { $days } gün sonra sona erer.
}
withdraw = Bunu daha sonra hesabınızdan geri alabilirsiniz.
resources-heading = Erişim istenen yerler

## Cihaz bağlama

device-title = Cihaz bağla
device-advice = Cihazınızda görünen kodu girin. Küçük harf kullanabilir, tireyi yazmayabilirsiniz.
device-code = Kod
device-must-type = Bu bağlantının ait olduğu uygulamayı kimse denetlemedi; bu yüzden bağlantı tek başına yetmez. Kodu yalnızca bu işlemi önünüzdeki bir cihazda kendiniz başlattıysanız girin. Bağlantıyı size başkası gönderdiyse bu sayfayı kapatın.
device-wrong = Bu kod yanlış yazılmış, daha önce kullanılmış ya da süresi dolmuş. Lütfen cihazınıza bakıp yeniden deneyin.
device-heading = { $client } bir cihazda hesabınıza erişmek istiyor
device-claimable = Herhangi bir cihaz kendini { $client } olarak tanıtabilir.
device-compare = Cihazınızda bu kod mu görünüyor?
device-warning = Yalnızca bu işlemi önünüzdeki bir cihazda kendiniz başlattıysanız izin verin. Kodu ya da bir bağlantıyı size başkası gönderdiyse reddedin.
device-allowed = Cihazınıza dönebilirsiniz
device-allowed-next = { $client } birazdan orada kendiliğinden devam edecek. Bu sayfayı kapatabilirsiniz.
device-denied = Hiçbir şeye izin verilmedi
device-denied-next = { $client } hesabınıza erişemeyecek. Bu sayfayı kapatabilirsiniz.

## Hesabınız

account-title = Hesabınız
language-name = Türkçe
languages = Diller
skip = İçeriğe geç
menu = Menü: { $page }
next = Sonraki
saved = Kaydedildi.
save = Kaydet
problem = Bir sorun var
error-prefix = Hata:
ago-now = az önce
ago-minutes = { $minutes ->
    [one] { $minutes } dakika önce
   *[other] { $minutes } dakika önce
}
ago-hours = { $hours ->
    [one] { $hours } saat önce
   *[other] { $hours } saat önce
}
ago-days = { $days ->
    [one] { $days } gün önce
   *[other] { $days } gün önce
}
applications-heading = Uygulamalarınız
applications-none = Henüz uygulama yok.
profile-heading = Profil bilgileri
profile-name = Ad
profile-name-refused = Daha kısa, görünmez karakter içermeyen bir ad seçin.
profile-language = Dil
profile-language-any = Tarayıcım gibi
profile-zone = Saat dilimi
profile-zone-any = Belirtilmedi
profile-id = Kimlik
profile-fixed = Değiştiremeyecekleriniz
profile-managed = Yöneten: { $operator }.
profile-email = E-posta adresi
profile-email-verified = Onaylandı.
profile-email-unverified = Henüz onaylanmadı.
profile-email-none = E-posta adresiniz yok.
profile-email-change = E-posta adresini değiştir
profile-email-new = Yeni e-posta adresi
profile-email-refused = ad@example.com gibi bir e-posta adresi yazın.
profile-email-advice = Oraya bir bağlantı gelir. Açıp onayladığınızda adresiniz değişir.
profile-email-send = Bağlantı gönder
profile-email-sent = E-postanıza bakın. Bağlantı şu adrese gönderiliyor: { $email }
data-heading = Verileriniz
data-what = Profilinizi, gruplarınızı, cihazlarınızı, bağlı uygulamalarınızı ve oturum açmalarınızı içeren bir dosya.
data-download = Verilerimi indir
data-delete = Hesabı sil
data-delete-what = Her yerde oturumunuz kapatılır ve tüm uygulamalar erişimini kaybeder. Bu geri alınamaz.
data-delete-type = Hesabınızı silmek için kullanıcı adınızı yazın: { $account }
data-delete-another-name = Bu başka bir kullanıcı adı. Hiçbir şey silinmedi.
data-delete-last = Tek yönetici sizsiniz. Önce başka bir kişiyi yönetici yapın.
security-heading = Oturum açma yolları
security-password-set = Bir parolayla oturum açabilirsiniz.
security-password-none = Henüz parolanız yok.
security-password-change = Parolayı değiştir
security-password-choose = Parola seç
security-password-others = Oradaki uygulamalar, yeniden oturum açana kadar erişimlerini kaybeder.
security-password-changed = Parolanız değişti.
security-app-on = Paroladan sonra bir kod sorarız.
security-app-off = Oturum açmak için parolanız yeterlidir.
security-app-add = Kimlik doğrulama uygulaması ekle
security-app-change = Değiştir
devices-heading = Oturum açtığınız yerler
devices-advice = Artık kullanmadığınız ya da tanımadığınız cihazlarda oturumu kapatın.
devices-this = Bu cihaz
devices-sign-out-elsewhere = Diğer her yerde oturumu kapat
devices-signed-out = O cihazda oturum kapatıldı.
devices-signed-out-elsewhere = { $devices ->
    [0] Başka hiçbir yerde oturumunuz açık değildi.
    [one] { $devices } başka cihazda oturum kapatıldı.
   *[other] { $devices } başka cihazda oturum kapatıldı.
}
device-browser-on = { $browser }, { $system }
device-unknown = Başka bir tarayıcı
device-address = Adres
device-signed-in = Oturum açma
device-used = Son etkinlik
connections-heading = Bağlı uygulamalar
connections-advice = Bu uygulamalar, size yeniden sormadan da hesabınızı kullanabilir.
connections-none = Hiçbir uygulamanın erişimi yok.
connections-permissions = Yapabilecekleri
connections-since = Başlangıç
connections-used = Son kullanım
connections-withdraw = Erişimi geri al
connections-withdrawn = Artık erişimi olmayan uygulama: { $client }.
activity-heading = Etkinlik
activity-caption = Oturum açmalarınız, en yenisi önce
activity-none = Henüz bir şey olmadı.
activity-what = Ne
activity-when = Ne zaman
activity-device = Cihaz
activity-signed-in = Oturum açtınız
activity-wrong-password = Yanlış bir parola yazıldı
activity-disabled = Hesabınız devre dışıydı, bu yüzden oturum açamadınız
activity-locked-out = Çok fazla denemeden sonra oturum açma bir süre durduruldu
activity-password-changed = Parolanız değiştirildi
activity-link-used = Bir e-postadan ya da yöneticiden gelen bağlantı kullanıldı
activity-unlocked = Bir yönetici yeniden oturum açmanıza izin verdi
activity-wrong-code = İkinci adım için yanlış bir kod girildi
activity-recovery-code = Bir kurtarma kodu kullanıldı
activity-factor-added = Bir kimlik doğrulama uygulaması açıldı
activity-factor-removed = Kimlik doğrulama uygulaması kapatıldı
activity-not-you = Siz değil miydiniz?
activity-not-you-next = Diğer her yerde oturumu kapatın ve parolanızı değiştirin.

## Oturumu kapatma

logout-heading = Oturumu kapatmak istiyor musunuz?
logout-client = { $client } oturumunuzu kapatmak istiyor.
logout-stay = Oturum açık kalsın
logged-out-title = Oturum kapatıldı
logged-out-heading = Oturumunuz kapatıldı
logged-out-close = Buradaki oturumunuz sona erdi. Bu sayfayı kapatabilirsiniz.
logged-out-wait = Buradaki oturumunuz sona erdi. Birazdan geri yönlendirileceksiniz.
logged-out-continue = { $client } uygulamasına devam et
not-signed-in-heading = Burada oturumunuz açık değildi
not-signed-in-close = Hiçbir oturum kapatılmadı. Bu sayfayı kapatabilirsiniz.
logged-out-frame = Oturum kapatılıyor

## Uygulamaya dönüş

return-heading = Uygulamaya dönülüyor
return-impossible = Uygulamanın adresi bu yanıtı alamıyor.

## Yeni bir parola

password-short = Lütfen en az { $characters } karakterli bir parola seçin.
password-long = Lütfen en fazla 1024 baytlık bir parola seçin.
password-control = Lütfen sekme gibi denetim karakterleri içermeyen bir parola seçin.
password-common = Birçok kişi böyle bir parola kullanıyor. Başka bir parola seçin.
password-username = Parola, kullanıcı adıyla aynı olamaz.
password-email = Parola, e-posta adresiyle aynı olamaz.
password-personal = Bu parola bir addan ya da e-posta adresinden tahmin edilebilir. Lütfen başka sözcükler seçin.
password-word = Tek bir sözcük ya da ad çabuk tahmin edilir. Birbiriyle ilgisi olmayan üç dört sözcük kullanın.
password-row = qwerty, abc ya da 123 gibi diziler çabuk tahmin edilir. Birbiriyle ilgisi olmayan üç dört sözcük kullanın.
password-repetition = Yinelenen karakterler ya da sözcükler çabuk tahmin edilir. Birbiriyle ilgisi olmayan üç dört sözcük kullanın.
password-date = Tarihler ve yıllar çabuk tahmin edilir. Birbiriyle ilgisi olmayan üç dört sözcük kullanın.
password-guessable = Bu parola çabuk tahmin edilir. Birbiriyle ilgisi olmayan üç dört sözcük kullanın.

## İlk yönetici

setup-title = Bu sunucuyu kurun
setup-heading = İlk yöneticiyi oluşturun
setup-advice = Bu hesap, bu sunucuda her şeyi değiştirebilir. Açtığınız bağlantı yalnızca bir kez çalışır.
setup-password-advice = Uzun bir cümle, garip karakterli kısa bir sözcükten daha güçlüdür.
setup-password-confirm = Parolayı onaylayın
setup-create = Yönetici oluştur
setup-username-invalid = Lütfen 1 ile 128 arasında harf ve rakamdan oluşan bir kullanıcı adı seçin. . _ - @ gibi işaretler kullanılabilir.
setup-username-taken = Bu kullanıcı adı alınmış.
setup-passwords-differ = İki parola birbirinden farklı.
setup-done-title = Kurulum tamamlandı
setup-done-heading = Bu sunucu hazır
setup-done-next = { $account } adlı yönetici oluşturuldu; kurulum bağlantısı artık çalışmıyor.
setup-over = Kurulum zaten yapıldı. Oturum açın.

## Tek kullanımlık bağlantılar

new-password = Yeni parola
invite-title = Daveti kabul et
invite-heading = Hoş geldiniz
invite-advice = { $server } üzerinde bir hesaba davet edildiniz. Başlamak için bir parola seçin.
invite-accept = Kabul et
invite-done = Hesabınız hazır
invite-done-next = Yeni parolanızla { $account } olarak oturum açın.
invite-over-next = Parolanızı seçtiyseniz oturum açın. Seçmediyseniz sizi davet eden kişiden yeni bir bağlantı isteyin.
reset-title = Yeni parola belirle
reset-heading = Yeni bir parola belirleyin
reset-advice = { $server } üzerindeki hesabınız için.
reset-set-password = Parolayı belirle
reset-warning = Her yerde oturumunuz kapatılır ve siz yeniden oturum açana kadar uygulamalar erişimini kaybeder.
reset-done = Parolanız değişti
reset-done-next = { $account } için tüm oturumlar kapatıldı. Yeni parolanızla oturum açın.
reset-over-next = Oturum açın ya da yeni bir bağlantı isteyin.
verify-title = E-posta adresini doğrula
verify-heading = E-posta adresinizi doğrulayın
verify-advice = { $server } üzerindeki hesabınız için.
verify-address = Yeni e-posta adresi
verify-confirm = Adresi doğrula
verify-warning = Bu sizin hesabınız değilse bu sayfayı kapatın. Hiçbir şey değişmez.
verify-done = E-posta adresiniz doğrulandı
verify-done-next = Artık { $account } hesabına ait. Bu sayfayı kapatabilirsiniz.
verify-over-next = Adresiniz henüz değişmediyse yeni bir bağlantı isteyin.
link-over-title = Bu bağlantı artık çalışmıyor
link-over = Bu bağlantı daha önce kullanılmış ya da süresi dolmuş

## E-postalar

mail-account = Hesap
mail-when = Ne zaman
mail-from-address = Şu adresten
mail-link-until = Bağlantı bir kez çalışır, son zaman
mail-link-bare = Düğme çalışmazsa bu bağlantıyı açın:
mail-invite-subject = { $server } üzerindeki hesabınız
mail-invite-text = { $server } üzerinde bir hesaba davet edildiniz. Başlamak için bir parola seçin.
mail-invite-button = Parola seç
mail-invite-ignore = Bu daveti beklemiyorsanız bu e-postayı silin.
mail-reset-subject = Yeni bir parola belirleyin
mail-reset-text = { $server } üzerindeki hesabınız için yeni bir parola istendi.
mail-reset-button = Yeni parola belirle
mail-reset-ignore = İsteyen siz değilseniz bir şey yapmanız gerekmez. Parolanız aynı kalır.
mail-verify-subject = E-posta adresinizi doğrulayın
mail-verify-text = Bu adres { $server } üzerindeki bir hesap için verildi. Orada kullanmak için adresi doğrulayın.
mail-verify-button = Adresi doğrula
mail-verify-ignore = Bu sizin hesabınız değilse bu e-postayı silin. Hiçbir şey değişmez.
mail-password-subject = Parolanız değiştirildi
mail-password-text = { $server } üzerindeki hesabınızın parolası değiştirildi.
mail-email-subject = E-posta adresiniz değiştirildi
mail-email-text = { $server } üzerindeki hesabınızın artık başka bir e-posta adresi var. Bu adrese artık e-posta gelmeyecek.
mail-factor-added-subject = Hesabınıza ikinci bir adım eklendi
mail-factor-added-text = Bundan sonra { $server } oturumu açarken paroladan sonra bir kimlik doğrulama uygulamasından kod istenir.
mail-factor-removed-subject = Hesabınızın ikinci adımı kaldırıldı
mail-factor-removed-text = Bundan sonra { $server } oturumu açarken bir kimlik doğrulama uygulamasından kod istenmez.
mail-notice-next = Bunu siz yaptıysanız bir şey yapmanız gerekmez. Siz yapmadıysanız bu sunucunun yöneticilerine hemen haber verin.
mail-test-subject = Deneme e-postası: çalışıyor
mail-test-text = { $server } bu adrese e-posta gönderebiliyor.
mail-test-next = Bir şey yapmanız gerekmez.

## Unutulan bir parola

forgot-password = Parolanızı mı unuttunuz?
forgot-title = Parolanızı mı unuttunuz?
forgot-heading = Parolanızı mı unuttunuz?
forgot-advice = E-posta adresinizi ya da kullanıcı adınızı girin. Yeni bir parola belirlemek için bir bağlantı alırsınız.
forgot-name = E-posta adresi ya da kullanıcı adı
forgot-send = Bağlantı gönder
forgot-sent-title = E-postalarınıza bakın
forgot-sent-heading = E-postalarınıza bakın
forgot-sent = Bu adresin bir hesabı varsa bir bağlantı yolda.
forgot-sent-next = Bağlantı bir saat çalışır. Bir şey gelmezse istenmeyen e-postalara bakın ya da bu sunucunun yöneticilerine sorun.
forgot-back = Oturum açmaya dön

## Hatalar

error-refused-heading = Uygulama yanlış bir istek gönderdi
error-refused = Bu sunucunun yapamayacağı bir şey istedi. Lütfen uygulamanın sorumlularına bildirin.
error-unknown-application-heading = Bu uygulama burada tanınmıyor
error-unknown-application = Bu sunucuya kaydedildiğinde onunla oturum açılabilir. Lütfen uygulamanın sorumlularına bildirin.
error-expired-heading = Bu sayfanın süresi dolmuş
error-start-again = Sayfa kullanılmış, çok uzun süre açık kalmış ya da başka bir tarayıcıya ait. Uygulamaya dönüp yeniden başlayın.
error-allow-cookies-heading = Bu sayfa çerezlere ihtiyaç duyuyor
error-allow-cookies = Tarayıcınız bu sunucunun çerezlerini göndermedi ya da sayfa başka bir tarayıcıya ait. Bu site için çerezlere izin verin. Ardından uygulamaya dönüp yeniden başlayın.
error-enter-code-again = Sayfa çok uzun süre açık kalmış ya da başka bir tarayıcıya ait. Cihazınızın kodunu yeniden girin.
error-sign-out-again = Sayfa çok uzun süre açık kalmış. Lütfen oturumu yeniden kapatın.
error-set-up-link-heading = Bu kurulum bağlantısı artık çalışmıyor
error-set-up-link = Kullanılmış ya da süresi dolmuş. Yenisi için sunucuyu yeniden başlatın.
error-use-pkce-heading = Bu uygulama yeterince korunmuyor
error-use-pkce = Oturum açma isteklerini bu sunucunun istediği gibi (PKCE) korumuyor. Uygulamanın sorumlularına bildirin; bu sunucunun sorumluları uygulamayı muaf tutabilir.
error-open-link-again = Sayfa çok uzun süre açık kalmış. Bağlantıyı yeniden açın.
error-open-account-again = Sayfa çok uzun süre açık kalmış ya da başka bir tarayıcıya ait. Hesabınızı açıp yeniden deneyin.
error-nothing-here-heading = Bu adreste bir şey yok
error-nothing-here = Adresin doğru yazıldığını denetleyin ya da başlangıç sayfasından devam edin.
error-too-many-attempts-heading = Çok fazla deneme
error-too-many-attempts = Lütfen biraz bekleyip yeniden deneyin.
error-unavailable-heading = Bu sunucu şu anda yanıt veremiyor
error-unavailable = Lütfen biraz bekleyip yeniden deneyin.
error-mistake-heading = Bu sunucuda bir hata oluştu
error-mistake = Lütfen yeniden deneyin. Yine olursa aşağıdaki referansı bu sunucunun sorumlularına iletin.
error-home = Başlangıç sayfasına git
error-for-developers = Geliştiriciler için
error-reference = Referans
error-what-to-do = Bu referansla ne yapılır
error-way-back = Yanıt { $host } içindir. Yalnızca ona güveniyorsanız devam edin.

## Referans ne işe yarar

reference-title = Hata referansı
reference-what = Referans, bu sunucunun tek bir yanıtını belirtir. Gizli bir şey içermez ve paylaşılabilir.
reference-user = Oturum açıyorduysanız
reference-user-advice = Uygulamaya dönüp yeniden başlayın. Yine olursa bu referansı uygulamanın sorumlularına iletin.
reference-developer = Uygulamayı geliştiriyorsanız
reference-developer-redirect-uri = Yönlendirme URI’si, tam olarak gönderildiği gibi istemci için kayıtlıdır.
reference-developer-client = İstemcinin kimliği, gizli anahtarı ve kimlik doğrulama yöntemi, kaydedildiği gibidir.
reference-developer-allowed = Yetki türü, yanıt türü ve her kapsam için istemcinin izni vardır.
reference-developer-code = Kod bir kez, süresi içinde ve kendisine ait PKCE doğrulayıcısıyla kullanılır.
reference-developer-clocks = Her iki makinenin saati doğrudur.
reference-operator = Bu sunucuyu işletiyorsanız
reference-operator-advice = Bu referansı sunucunun günlüğünde arayın. Nedenin tamamı yalnızca orada yazılıdır.
reference-operator-pkce = Bir code_challenge mi eksik? Uygulama S256 ile PKCE kullanmalıdır. Kullanamıyorsa muaf tutun: client update ID --no-require-pkce. Herkese açık istemciler muaf tutulamaz.

## Oturum açmanın ikinci adımı

second-step = Bir adım daha
second-step-app = Kimlik doğrulama uygulamanız bu hesap için bir kod gösterir. Kodu buraya yazın.
second-step-app-code = Kimlik doğrulama uygulamanızdaki kod
second-step-app-wrong = Bu kod yanlış ya da kullanılmış. Bir sonrakini bekleyin.
second-step-recovery = Sakladığınız kurtarma kodlarından birini yazın. Her biri bir kez çalışır.
second-step-recovery-code = Kurtarma kodu
second-step-recovery-wrong = Bu kurtarma kodu yanlış ya da kullanılmış. Başka birini deneyin.
second-step-use-recovery = Kurtarma kodu kullan
second-step-use-app = Kimlik doğrulama uygulamasını kullan
second-step-expired = Çok uzun sürdü. Yeniden oturum açın.

## Kimlik doğrulama uygulaması ve kurtarma kodları

app-title = Kimlik doğrulama uygulaması
app-add-heading = İkinci bir adım ekleyin
app-add-needed = Burada oturum açmak için ikinci bir adım gerekir: telefonunuzdaki bir uygulamadan bir kod.
app-scan = Bu resmi bir kimlik doğrulama uygulamasıyla tarayın. Sonra uygulamanın gösterdiği kodu yazın.
app-picture = Kimlik doğrulama uygulamanız için resim olarak anahtar
app-key = Ya da bu anahtarı uygulamaya yazın:
app-open = Bu cihazdaki bir uygulamada aç
app-code = Kod
app-turn-on = Aç
app-wrong = Bu kod yanlış. Bir sonrakini bekleyin.
app-clock-slow = { $minutes ->
    [one] Telefonunuzun saati { $minutes } dakika geri. Otomatik olarak ayarlayın, sonra bir sonraki kodu yazın.
   *[other] Telefonunuzun saati { $minutes } dakika geri. Otomatik olarak ayarlayın, sonra bir sonraki kodu yazın.
}
app-clock-fast = { $minutes ->
    [one] Telefonunuzun saati { $minutes } dakika ileri. Otomatik olarak ayarlayın, sonra bir sonraki kodu yazın.
   *[other] Telefonunuzun saati { $minutes } dakika ileri. Otomatik olarak ayarlayın, sonra bir sonraki kodu yazın.
}
app-on = Kimlik doğrulama uygulamanız açık. Parolanızdan sonra onun kodunu isteriz.
app-turn-off = Kapat
app-turn-off-what = Ardından oturum açmak için yalnızca parolanız yeter ve kurtarma kodlarınız artık çalışmaz.
codes-title = Kurtarma kodları
codes-advice = Telefonunuz yanınızda olmadığında bir kurtarma koduyla oturum açarsınız. Her kod bir kez çalışır. Onları önemli belgelerinizle birlikte saklayın.
codes-now = Yalnızca şimdi gösterilir. Bu sayfadan ayrılmadan önce kopyalayın.
codes-saved = Onları sakladım
codes-left = { $codes ->
    [one] { $codes } kodunuz kaldı.
   *[other] { $codes } kodunuz kaldı.
}
codes-make = Yeni kodlar oluştur
codes-make-what = Şu anki kodlarınız çalışmaz olur.

register-link = Hesap oluştur
register-title = Hesap oluştur
register-advice = Bağlantı içeren bir e-posta alacaksınız. Bağlantıyı açtığınızda hesabınız hazır olur.
register-create = Hesap oluştur
register-domain = Buradaki hesaplar başka e-posta adresleri içindir. Kuruluşunuzun adresini kullanın.
register-sent-next = Bu adresle hesap açabiliyorsanız bir bağlantı yolda. Bir gün geçerlidir. Bir şey gelmezse istenmeyen posta klasörünüze bakın.
register-confirm-title = Hesabınızı oluşturmayı tamamlayın
register-confirm-password = Bağlantıyı başka bir tarayıcıda açtınız. Seçtiğiniz parolayı yazın.
register-confirm-warning = Bu hesabı siz istemediyseniz bu sayfayı kapatın. O zaman hiçbir şey oluşturulmaz.
register-wrong-password = Seçtiğiniz parola bu değil. Yeniden deneyin ya da hesabı baştan oluşturun.
register-waiting-heading = Hesabınızın onaylanması gerekiyor
register-waiting = Bu sunucuyu işletenler hesabı inceleyecek. Size haber verdiklerinde oturum açın.
register-over-next = Hesabınız hazırsa oturum açın. Değilse baştan oluşturun.
register-invited-heading = Hesaplar davetle açılır
register-invited = Bu sunucuyu işletenlerden bir davet isteyin.
mail-register-subject = Hesabınızı oluşturmayı tamamlayın
mail-register-text = Birisi bu adresle { $server } üzerinde bir hesap istedi. Oluşturmak için bağlantıyı açın.
mail-register-button = Hesap oluştur
mail-register-ignore = Bunu siz yapmadıysanız bir şey yapmanız gerekmez. O zaman hesap oluşturulmaz.
mail-exists-subject = Zaten bir hesabınız var
mail-exists-text = Birisi bu adresle { $server } üzerinde bir hesap istedi, ama adresin zaten bir hesabı var.
mail-exists-button = Oturum aç
mail-exists-ignore = Bunu siz yapmadıysanız bir şey yapmanız gerekmez. Parolanızı unuttuysanız oturum açma sayfasında yenisini isteyin.

codes-no-app = Önce bir geçiş anahtarı ekleyin ya da bir kimlik doğrulama uygulamasını açın. O zaman kurtarma kodları alırsınız.

## Geçiş anahtarları

passkey-sign-in = Geçiş anahtarıyla oturum aç
passkey-none = Geçiş anahtarı kullanılmadı. Yeniden deneyin ya da parolanızı kullanın.
passkey-unknown = Bu geçiş anahtarı burada bilinmiyor. Başka bir yolla oturum açın.
passkey-refused = Bu geçiş anahtarı kabul edilmedi. Başka bir yolla oturum açın.
passkey-unsupported = Geçiş anahtarları için JavaScript ve onları destekleyen bir tarayıcı gerekir.
passkey-add-needed = Burada oturum açmak için ikinci bir adım gerekir: bir geçiş anahtarı ya da telefonunuzdaki bir uygulamadan bir kod.
passkeys-title = Geçiş anahtarları
passkeys-advice = Parmak iziniz, yüzünüz ya da ekran kilidiniz oturumunuzu açar. Hatırlanacak bir şey yoktur.
passkeys-add = Geçiş anahtarı ekle
passkeys-added = Artık { $name } ile oturum açabilirsiniz.
passkeys-removed = Geçiş anahtarı kaldırıldı. Onu cihazınızdan da silin.
passkeys-not-made = Geçiş anahtarı eklenmedi. Yeniden deneyin.
passkeys-known = Bu cihazda hesabınız için zaten bir geçiş anahtarı var.
passkeys-impossible = Burada geçiş anahtarları kullanılamaz: https ve numarayla değil, adla erişilen bir sunucu gerekir.
passkeys-too-many = { $passkeys ->
    [one] { $passkeys } geçiş anahtarınız var ve daha fazlası olamaz. Önce onu kaldırın.
   *[other] { $passkeys } geçiş anahtarınız var ve daha fazlası olamaz. Önce birini kaldırın.
}
passkeys-codes = Geçiş anahtarınızı kaybetme olasılığına karşı kurtarma kodları oluşturun
passkeys-made = Eklendi
passkeys-rename = Yeniden adlandır
passkeys-name = Ad
passkeys-name-refused = { $characters ->
    [one] { $characters } görünür karakterlik bir ad seçin.
   *[other] En çok { $characters } görünür karakterlik bir ad seçin.
}
passkeys-remove = Geçiş anahtarını kaldır
passkeys-last = Oturum açmanın tek yolu bu. Kaldırmadan önce başka bir geçiş anahtarı ekleyin ya da bir parola seçin.
passkeys-on-devices = Cihazlarınızda
passkeys-on-security-key = Bir güvenlik anahtarında
security-passkeys = { $passkeys ->
    [one] { $passkeys } geçiş anahtarıyla oturum açabilirsiniz.
   *[other] { $passkeys } geçiş anahtarıyla oturum açabilirsiniz.
}
security-app-none = Açık bir uygulama yok.
app-turn-off-passkeys = Geçiş anahtarlarınız ve kurtarma kodlarınız çalışmaya devam eder.
second-step-passkey = Geçiş anahtarınızı kullanın: Parmak iziniz, yüzünüz ya da ekran kilidiniz sizin olduğunuzu doğrular.
second-step-use-passkey = Geçiş anahtarını kullan
second-step-passkey-none = Geçiş anahtarı kullanılmadı. Yeniden deneyin ya da başka bir yol seçin.
second-step-passkey-wrong = Bu geçiş anahtarı kabul edilmedi. Yeniden deneyin ya da başka bir yol seçin.
activity-passkey-signed-in = Bir geçiş anahtarıyla oturum açtınız
activity-passkey-refused = Bir geçiş anahtarı kabul edilmedi
activity-passkey-added = Bir geçiş anahtarı eklendi
activity-passkey-removed = Bir geçiş anahtarı kaldırıldı
mail-passkey-added-subject = Hesabınıza bir geçiş anahtarı eklendi
mail-passkey-added-text = Bundan sonra { $server } oturumunuzu o açar. Paroladan sonra da bir geçiş anahtarı sorarız.
mail-passkey-removed-subject = Hesabınızdan bir geçiş anahtarı kaldırıldı
mail-passkey-removed-text = Bundan sonra { $server } oturumunuzu artık o açmaz.
