### 日本語のページ。基準は ../en/pages.ftl です。

## 複数のページで使うもの

account = { $account } としてログインしています。
account-switch = { $account } さんではありませんか？
allow = 許可する
deny = 拒否する
cancel = キャンセル
continue = 続ける
sign-in = ログイン
sign-out = ログアウト
username = ユーザー名
username-or-email = ユーザー名またはメールアドレス
password = パスワード
privacy-policy = プライバシーポリシー
terms-of-service = 利用規約
too-many-attempts = { $minutes ->
   *[other] 試行回数が多すぎます。{ $minutes } 分後にもう一度お試しください。
}
footer-support = お困りのときは { $support } にお問い合わせください。
footer-imprint = 運営者情報
footer-privacy = プライバシー

## ログイン

login-client = { $client } に進みます
client-unverified = このアプリケーションは自身で登録したもので、このサーバーの管理者は確認していません。
login-wrong = ユーザー名とパスワードが一致しません。もう一度お試しください。
login-ceiling = このアカウントには誤ったパスワードが何度も入力されました。以前ここで使ったことのあるブラウザーでログインするか、運営者にロックの解除を依頼してください。
login-expired = このページは有効期限が切れたか、すでに使用されました。ここでログインするか、アプリに戻って最初からやり直してください。
login-confirm = 続けるには、もう一度ログインしてください。開いたページではログイン方法を変更できます。
login-deleted = アカウントを削除しました。
signed-in-title = ログイン済み
signed-in-heading = ログインしています
signed-in-ended = このページは有効期限が切れたか、すでに使用されました。続けるにはアプリに戻ってください。
signed-in-home = ここに残る
back-to = { $client } に戻る

## アプリを利用できない場合

no-access-title = アクセスできません
no-access-heading = { $client } を利用する権限がありません
no-access-ask = 利用するには、このサーバーの運営者に依頼してください。
no-access-ask-support = 利用するには、{ $support } に依頼してください。
no-access-switch = 別のアカウントを使う

## アプリがアクセスを求めているとき

consent-title = アクセスの許可
consent-heading = { $client } があなたのアカウントへのアクセスを求めています
consent-claimable = このデバイス上のどのプログラムも { $client } を名乗ることができます。
scopes-heading = 許可すると、このアプリは次のことができます
scope-openid = ログイン時にあなたが誰かを知ること
scope-profile = 名前などのプロフィール情報を見ること
scope-email = メールアドレスを見ること
scope-address = 住所を見ること
scope-phone = 電話番号を見ること
scope-groups = 所属しているグループを見ること
scope-read = データを読み取ること
scope-write = データを変更すること
scope-administration = このサーバーを管理すること
administration-warning = 注意：このアプリはこのサーバーの完全な管理権限を求めています。すべてのアカウント、アプリ、鍵を変更できるようになります。今それが必要だと確信できる場合にだけ許可してください。
scope-other = あなたに代わって「{ $scope }」を使うこと
claim-name = 氏名を見ること
claim-family-name = 姓を見ること
claim-given-name = 名を見ること
claim-middle-name = ミドルネームを見ること
claim-nickname = ニックネームを見ること
claim-preferred-username = ユーザー名を見ること
claim-profile = プロフィールページのアドレスを見ること
claim-picture = 写真を見ること
claim-website = ウェブサイトのアドレスを見ること
claim-gender = 性別を見ること
claim-birthdate = 生年月日を見ること
claim-zoneinfo = タイムゾーンを見ること
claim-locale = 言語を見ること
claim-updated-at = プロフィールの最終更新日時を見ること
claim-email = メールアドレスを見ること
claim-email-verified = メールアドレスが確認済みかどうかを見ること
claim-address = 住所を見ること
claim-phone-number = 電話番号を見ること
claim-phone-number-verified = 電話番号が確認済みかどうかを見ること
claim-other = あなたの「{ $claim }」を見ること
scope-offline = 不在の間やログアウト後も、このアクセスを保つこと
scope-offline-device = 取り消されるまで、不在の間もこのアクセスを保つこと
access-ends-minutes = { $minutes ->
   *[other] このアクセスは遅くとも { $minutes } 分後に終了します。
}
access-ends-hours = { $hours ->
   *[other] このアクセスは遅くとも { $hours } 時間後に終了します。
}
access-ends-days = { $days ->
   *[other] このアクセスは遅くとも { $days } 日後に終了します。
}
withdraw = これは後でアカウントのページから取り消せます。
resources-heading = アクセス先

## デバイスの接続

device-title = デバイスの接続
device-advice = デバイスに表示されているコードを入力してください。小文字でもかまいません。ハイフンは省略できます。
device-code = コード
device-must-type = このリンクのアプリケーションは誰にも確認されていないため、リンクだけでは続行できません。目の前のデバイスでご自身が始めた場合にのみ、コードを入力してください。リンクが誰かから送られてきた場合は、このページを閉じてください。
device-wrong = コードが間違っているか、使用済みか、有効期限が切れています。デバイスを確認して、もう一度お試しください。
device-heading = デバイス上の { $client } があなたのアカウントへのアクセスを求めています
device-claimable = どのデバイスも { $client } を名乗ることができます。
device-compare = デバイスにこのコードが表示されていますか?
device-warning = 目の前のデバイスでご自身が始めた場合にのみ許可してください。コードやリンクが誰かから送られてきた場合は、拒否してください。
device-allowed = デバイスにお戻りください
device-allowed-next = まもなくデバイス上で { $client } が自動的に続きます。このページは閉じてかまいません。
device-denied = 何も許可されませんでした
device-denied-next = { $client } はあなたのアカウントにアクセスできません。このページは閉じてかまいません。

## アカウント

account-title = アカウント
language-name = 日本語
languages = 言語
skip = 本文へ移動
menu = メニュー：{ $page }
next = 次へ
saved = 保存しました。
save = 保存
problem = 問題があります
error-prefix = エラー：
ago-now = たった今
ago-minutes = { $minutes ->
   *[other] { $minutes } 分前
}
ago-hours = { $hours ->
   *[other] { $hours } 時間前
}
ago-days = { $days ->
   *[other] { $days } 日前
}
applications-heading = アプリケーション
applications-none = アプリケーションはまだありません。
profile-heading = プロフィール
profile-name = 名前
profile-name-refused = もっと短く、見えない文字を含まない名前にしてください。
profile-language = 表示言語
profile-language-any = ブラウザーに合わせる
profile-zone = タイムゾーン
profile-zone-any = 設定なし
profile-id = 識別子
profile-fixed = 変更できないもの
profile-managed = { $operator } が管理しています。
profile-email = メールアドレス
profile-email-verified = 確認済みです。
profile-email-unverified = まだ確認されていません。
profile-email-none = メールアドレスはありません。
profile-email-change = メールアドレスを変更
profile-email-new = 新しいメールアドレス
profile-email-refused = name@example.com のようなメールアドレスを入力してください。
profile-email-advice = そのアドレスにリンクが届きます。開いて確認すると、アドレスが変わります。
profile-email-send = リンクを送信
profile-email-sent = メールを確認してください。{ $email } にリンクを送信しています。
data-heading = あなたのデータ
data-what = プロフィール、グループ、デバイス、連携中のアプリケーション、ログインの履歴が入ったファイルです。
data-download = データをダウンロード
data-delete = アカウントを削除
data-delete-what = すべてのデバイスからログアウトし、すべてのアプリケーションがアクセスできなくなります。元に戻せません。
data-delete-type = アカウントを削除するには、ユーザー名 { $account } を入力してください
data-delete-another-name = 別のユーザー名です。何も削除していません。
data-delete-last = 管理者はあなただけです。先に別の人を管理者にしてください。
security-heading = ログイン方法
security-password-set = パスワードでログインできます。
security-password-none = パスワードはまだありません。
security-password-change = パスワードを変更
security-password-choose = パスワードを設定
security-password-others = それらのデバイスのアプリケーションは、再びログインするまでアクセスできなくなります。
security-password-changed = パスワードを変更しました。
security-app-on = パスワードの後にコードを確認します。
security-app-off = パスワードだけでログインできます。
security-app-add = 認証アプリを追加
security-app-change = 変更
devices-heading = ログイン中のデバイス
devices-advice = もう使っていないデバイスや心当たりのないデバイスからはログアウトしてください。
devices-this = このデバイス
devices-sign-out-elsewhere = ほかのすべてからログアウト
devices-signed-out = そのデバイスからログアウトしました。
devices-signed-out-elsewhere = { $devices ->
    [0] ほかにログイン中のデバイスはありませんでした。
   *[other] ほかの { $devices } 台からログアウトしました。
}
device-browser-on = { $browser }（{ $system }）
device-unknown = 別のブラウザー
device-address = アドレス
device-signed-in = ログイン
device-used = 最終利用
connections-heading = 連携中のアプリケーション
connections-advice = これらのアプリケーションは、再度確認せずにアカウントを利用できます。
connections-none = アクセスできるアプリケーションはありません。
connections-permissions = 許可されていること
connections-since = 開始
connections-used = 最終利用
connections-withdraw = アクセスを取り消す
connections-withdrawn = { $client } はアクセスできなくなりました。
activity-heading = 利用履歴
activity-caption = ログインの履歴（新しい順）
activity-none = まだ何も起きていません。
activity-what = 内容
activity-when = 日時
activity-device = デバイス
activity-signed-in = ログインしました
activity-wrong-password = 間違ったパスワードが入力されました
activity-disabled = アカウントが無効だったため、ログインできませんでした
activity-locked-out = 試行回数が多すぎたため、しばらくログインできませんでした
activity-password-changed = パスワードが変更されました
activity-link-used = メールまたは管理者からのリンクが使われました
activity-unlocked = 管理者がログインを再び許可しました
activity-wrong-code = 二段階目の誤ったコードが入力されました
activity-recovery-code = リカバリーコードが使われました
activity-factor-added = 認証アプリが有効になりました
activity-factor-removed = 認証アプリが無効になりました
activity-not-you = 心当たりがありませんか？
activity-not-you-next = ほかのすべてのデバイスからログアウトし、パスワードを変更してください。

## ログアウト

logout-heading = ログアウトしますか?
logout-client = { $client } がログアウトを求めています。
logout-stay = ログインしたままにする
logged-out-title = ログアウト完了
logged-out-heading = ログアウトしました
logged-out-close = セッションは終了しました。このページは閉じてかまいません。
logged-out-wait = セッションは終了しました。まもなく元の場所に戻ります。
logged-out-continue = { $client } へ進む
not-signed-in-heading = ここではログインしていませんでした
not-signed-in-close = 終了したセッションはありません。このページを閉じてかまいません。
logged-out-frame = ログアウトしています

## アプリに戻る

return-heading = アプリに戻ります
return-impossible = アプリのアドレスはこの応答を受け取れません。

## 新しいパスワード

password-short = パスワードは { $characters } 文字以上にしてください。
password-long = パスワードは 1024 バイト以内にしてください。
password-control = パスワードにはタブなどの制御文字を使わないでください。
password-common = このようなパスワードは多くの人が使っています。別のものを選んでください。
password-username = ユーザー名と同じパスワードは使えません。
password-email = メールアドレスと同じパスワードは使えません。
password-personal = このパスワードは、名前やメールアドレスから推測できます。別の言葉を選んでください。
password-word = 一つの単語や名前だけでは、すぐに推測されます。互いに関係のない言葉を三つか四つ組み合わせてください。
password-row = qwerty、abc、123 のような並びは、すぐに推測されます。互いに関係のない言葉を三つか四つ組み合わせてください。
password-repetition = 同じ文字や言葉の繰り返しは、すぐに推測されます。互いに関係のない言葉を三つか四つ組み合わせてください。
password-date = 日付や年は、すぐに推測されます。互いに関係のない言葉を三つか四つ組み合わせてください。
password-guessable = このパスワードは、すぐに推測されます。互いに関係のない言葉を三つか四つ組み合わせてください。

## 最初の管理者

setup-title = サーバーの初期設定
setup-heading = 最初の管理者を作成します
setup-advice = このアカウントは、このサーバーのすべてを変更できます。お開きになったリンクは一度だけ有効です。
setup-password-advice = 記号入りの短い単語より、長い文のほうが安全です。
setup-password-confirm = パスワードの確認
setup-create = 管理者を作成
setup-username-invalid = ユーザー名は 1 文字以上 128 文字以内の文字と数字にしてください。. _ - @ などの記号も使えます。
setup-username-taken = このユーザー名はすでに使われています。
setup-passwords-differ = 二つのパスワードが一致しません。
setup-done-title = 初期設定の完了
setup-done-heading = サーバーの準備ができました
setup-done-next = 管理者 { $account } を作成しました。初期設定用のリンクはもう使えません。
setup-over = 設定は完了しています。ログインしてください。

## 一度だけ使えるリンク

new-password = 新しいパスワード
invite-title = 招待の承認
invite-heading = ようこそ
invite-advice = { $server } のアカウントに招待されています。はじめにパスワードを決めてください。
invite-accept = 承認する
invite-done = アカウントの準備ができました
invite-done-next = 新しいパスワードで { $account } としてログインしてください。
invite-over-next = パスワードを設定済みの場合は、ログインしてください。まだの場合は、招待した人に新しいリンクを依頼してください。
reset-title = 新しいパスワードの設定
reset-heading = 新しいパスワードを設定してください
reset-advice = { $server } のアカウントのパスワードです。
reset-set-password = パスワードを設定
reset-warning = すべての端末からログアウトされます。アプリは、もう一度ログインするまでアクセスできなくなります。
reset-done = パスワードを変更しました
reset-done-next = { $account } はすべての端末からログアウトされました。新しいパスワードでログインしてください。
reset-over-next = ログインするか、新しいリンクを依頼してください。
verify-title = メールアドレスの確認
verify-heading = メールアドレスを確認してください
verify-advice = { $server } のアカウントのアドレスです。
verify-address = 新しいメールアドレス
verify-confirm = アドレスを確認
verify-warning = ご自分のアカウントでない場合は、このページを閉じてください。何も変更されません。
verify-done = メールアドレスを確認しました
verify-done-next = アカウント { $account } のアドレスになりました。このページは閉じてかまいません。
verify-over-next = アドレスがまだ変わっていない場合は、新しいリンクを依頼してください。
link-over-title = このリンクは使えません
link-over = このリンクは使用済みか、有効期限が切れています

## メール

mail-account = アカウント
mail-when = 日時
mail-from-address = 接続元のアドレス
mail-link-until = リンクは一度だけ使えます。有効期限
mail-link-bare = ボタンが反応しない場合は、次のリンクを開いてください。
mail-invite-subject = { $server } のアカウント
mail-invite-text = { $server } のアカウントに招待されています。はじめにパスワードを決めてください。
mail-invite-button = パスワードを決める
mail-invite-ignore = この招待に心当たりがない場合は、このメールを削除してください。
mail-reset-subject = 新しいパスワードの設定
mail-reset-text = { $server } のアカウントに、新しいパスワードの申し込みがありました。
mail-reset-button = 新しいパスワードを設定
mail-reset-ignore = お心当たりがない場合は、何もする必要はありません。パスワードは変わりません。
mail-verify-subject = メールアドレスの確認
mail-verify-text = このアドレスが { $server } のアカウントに登録されようとしています。使うには、アドレスを確認してください。
mail-verify-button = アドレスを確認
mail-verify-ignore = ご自分のアカウントでない場合は、このメールを削除してください。何も変更されません。
mail-password-subject = パスワードが変更されました
mail-password-text = { $server } のアカウントのパスワードが変更されました。
mail-email-subject = メールアドレスが変更されました
mail-email-text = { $server } のアカウントのメールアドレスが変更されました。今後、このアドレスにメールは届きません。
mail-factor-added-subject = アカウントに 2 つ目の手順が追加されました
mail-factor-added-text = 今後 { $server } にサインインするときは、パスワードの後に認証アプリのコードが必要です。
mail-factor-removed-subject = アカウントの 2 つ目の手順が削除されました
mail-factor-removed-text = 今後 { $server } にログインするとき、認証アプリのコードは必要ありません。
mail-notice-next = ご自分で変更した場合は、何もする必要はありません。そうでない場合は、すぐにこのサーバーの運営者に知らせてください。
mail-test-subject = テストメール：送信できました
mail-test-text = { $server } からこのアドレスにメールを送信できます。
mail-test-next = 何もする必要はありません。

## パスワードを忘れた場合

forgot-password = パスワードをお忘れですか？
forgot-title = パスワードをお忘れですか？
forgot-heading = パスワードをお忘れですか？
forgot-advice = メールアドレスかユーザー名を入力してください。新しいパスワードを設定するためのリンクをお送りします。
forgot-name = メールアドレスまたはユーザー名
forgot-send = リンクを送る
forgot-sent-title = メールをご確認ください
forgot-sent-heading = メールをご確認ください
forgot-sent = そのアドレスのアカウントがあれば、リンクをお送りしました。
forgot-sent-next = リンクは一時間有効です。届かない場合は、迷惑メールを確認するか、このサーバーの運営者に問い合わせてください。
forgot-back = ログインに戻る

## エラー

error-refused-heading = アプリから誤った要求が送られました
error-refused = このサーバーでは受け付けられない内容です。アプリの運営者にお知らせください。
error-unknown-application-heading = このアプリは登録されていません
error-unknown-application = このサーバーに登録されると、ログインに使えるようになります。アプリの運営者にお知らせください。
error-expired-heading = このページは有効期限が切れています
error-start-again = すでに使われたか、長い時間開いたままだったか、別のブラウザーのページです。アプリに戻って最初からやり直してください。
error-allow-cookies-heading = このページには Cookie が必要です
error-allow-cookies = ブラウザーからこのサーバーの Cookie が送信されなかったか、このページは別のブラウザーのものです。このサイトの Cookie を許可してから、アプリに戻って最初からやり直してください。
error-enter-code-again = 長い時間開いたままだったか、別のブラウザーのページです。デバイスのコードをもう一度入力してください。
error-sign-out-again = 長い時間開いたままでした。もう一度ログアウトしてください。
error-set-up-link-heading = この初期設定用リンクは使えなくなりました
error-set-up-link = 使用済みか、有効期限が切れています。サーバーを再起動して新しいリンクを取得してください。
error-use-pkce-heading = このアプリの保護は十分ではありません
error-use-pkce = ログインの要求を、このサーバーが求める方法（PKCE）で保護していません。アプリの運営者にお知らせください。このサーバーの運営者は例外を認めることができます。
error-open-link-again = 長い時間開いたままでした。リンクをもう一度開いてください。
error-open-account-again = 長い時間開いたままだったか、別のブラウザーのページです。アカウントを開いて、もう一度試してください。
error-nothing-here-heading = このアドレスには何もありません
error-nothing-here = アドレスが正しいかご確認いただくか、トップページからお進みください。
error-too-many-attempts-heading = 試行回数が多すぎます
error-too-many-attempts = しばらく待ってからもう一度お試しください。
error-unavailable-heading = 現在このサーバーは応答できません
error-unavailable = 少し待ってからもう一度お試しください。
error-mistake-heading = このサーバーで問題が発生しました
error-mistake = もう一度お試しください。繰り返し発生する場合は、下の参照番号をこのサーバーの運営者にお知らせください。
error-home = トップページへ
error-for-developers = 開発者向け
error-reference = 参照番号
error-what-to-do = 参照番号の使い方
error-way-back = この応答の宛先は { $host } です。信頼できる場合にのみ進んでください。

## 参照番号とは

reference-title = エラーの参照番号
reference-what = 参照番号は、このサーバーの一つの応答を示します。秘密の情報は含まれず、安心して共有できます。
reference-user = ログインしようとしていた方へ
reference-user-advice = アプリに戻って最初からやり直してください。再び発生する場合は、この番号をアプリの運営者にお伝えください。
reference-developer = アプリを開発している方へ
reference-developer-redirect-uri = リダイレクト URI が、送信されたとおりの形でクライアントに登録されていること。
reference-developer-client = クライアントの ID、シークレットまたは鍵、認証方式が登録時のものと同じであること。
reference-developer-allowed = グラントタイプ、レスポンスタイプ、すべてのスコープがクライアントに許可されていること。
reference-developer-code = コードが有効期間内に一度だけ、対応する PKCE ベリファイアとともに使われていること。
reference-developer-clocks = 両方のマシンの時計が正しいこと。
reference-operator = このサーバーを運用している方へ
reference-operator-advice = サーバーのログでこの番号を検索してください。詳しい理由はそこにのみ記録されています。
reference-operator-pkce = code_challenge がない場合は、アプリケーションで S256 の PKCE を使ってください。使えない場合は例外を認められます: client update ID --no-require-pkce。パブリッククライアントは例外にできません。

## サインインの 2 つ目の手順

second-step = あと 1 つの手順
second-step-app = 認証アプリにこのアカウントのコードが表示されています。ここに入力してください。
second-step-app-code = 認証アプリのコード
second-step-app-wrong = コードが間違っているか、使用済みです。次のコードをお待ちください。
second-step-recovery = 保存したリカバリーコードの 1 つを入力してください。それぞれ 1 回だけ使えます。
second-step-recovery-code = リカバリーコード
second-step-recovery-wrong = リカバリーコードが間違っているか、使用済みです。別のコードをお試しください。
second-step-use-recovery = リカバリーコードを使う
second-step-use-app = 認証アプリを使う
second-step-expired = 時間がかかりすぎました。もう一度サインインしてください。

## 認証アプリとリカバリーコード

app-title = 認証アプリ
app-add-heading = 2 つ目の手順を追加
app-add-needed = ここでサインインするには 2 つ目の手順が必要です。スマートフォンのアプリのコードを使います。
app-scan = この画像を認証アプリで読み取り、アプリに表示されたコードを入力してください。
app-picture = 認証アプリ用のキーの画像
app-key = または、このキーをアプリに入力してください：
app-open = このデバイスのアプリで開く
app-code = コード
app-turn-on = オンにする
app-wrong = コードが間違っています。次のコードをお待ちください。
app-clock-slow = { $minutes ->
   *[other] スマートフォンの時計が { $minutes } 分遅れています。自動設定にしてから、次のコードを入力してください。
}
app-clock-fast = { $minutes ->
   *[other] スマートフォンの時計が { $minutes } 分進んでいます。自動設定にしてから、次のコードを入力してください。
}
app-on = 認証アプリはオンです。パスワードの後にアプリのコードを確認します。
app-turn-off = オフにする
app-turn-off-what = オフにすると、パスワードだけでサインインできるようになり、リカバリーコードは使えなくなります。
codes-title = リカバリーコード
codes-advice = スマートフォンが手元にないとき、リカバリーコードでサインインできます。各コードは 1 回だけ使えます。大切な書類と一緒に保管してください。
codes-now = 今だけ表示されます。このページを離れる前に控えてください。
codes-saved = 保存しました
codes-left = { $codes ->
   *[other] 残りのコードは { $codes } 個です。
}
codes-make = 新しいコードを作成
codes-make-what = 現在のコードは使えなくなります。

register-link = アカウントを作成
register-title = アカウントを作成
register-advice = リンクの入ったメールが届きます。リンクを開くとアカウントが使えるようになります。
register-create = アカウントを作成
register-domain = ここでは別のメールアドレスが必要です。所属する組織のアドレスを使ってください。
register-sent-next = そのアドレスでアカウントを作成できる場合は、リンクを送信しました。リンクは 1 日間有効です。届かないときは迷惑メールフォルダーを確認してください。
register-confirm-title = アカウントの作成を完了
register-confirm-password = 別のブラウザーでリンクを開きました。選んだパスワードを入力してください。
register-confirm-warning = 心当たりがない場合は、このページを閉じてください。何も作成されません。
register-wrong-password = 選んだパスワードと違います。もう一度入力するか、アカウントを作成し直してください。
register-waiting-heading = アカウントには承認が必要です
register-waiting = このサーバーの管理者が確認します。連絡があったらサインインしてください。
register-over-next = アカウントが使える場合はサインインしてください。使えない場合は、もう一度作成してください。
register-invited-heading = アカウントは招待制です
register-invited = このサーバーの管理者に招待を依頼してください。
mail-register-subject = アカウントの作成を完了してください
mail-register-text = このアドレスで { $server } のアカウントが申し込まれました。作成するにはリンクを開いてください。
mail-register-button = アカウントを作成
mail-register-ignore = 心当たりがない場合は、何もする必要はありません。アカウントは作成されません。
mail-exists-subject = すでにアカウントがあります
mail-exists-text = このアドレスで { $server } のアカウントが申し込まれましたが、このアドレスにはすでにアカウントがあります。
mail-exists-button = サインイン
mail-exists-ignore = 心当たりがない場合は、何もする必要はありません。パスワードを忘れた場合は、サインインページで新しいパスワードを申し込んでください。

codes-no-app = 先にパスキーを追加するか、認証アプリをオンにしてください。そのときにリカバリーコードが発行されます。

## パスキー

passkey-sign-in = パスキーでログイン
passkey-none = パスキーは使われませんでした。もう一度試すか、パスワードを使ってください。
passkey-unknown = このパスキーはここでは登録されていません。別の方法でログインしてください。
passkey-refused = このパスキーは受け付けられませんでした。別の方法でログインしてください。
passkey-unsupported = パスキーを使うには、JavaScript と対応するブラウザーが必要です。
passkey-add-needed = ここでログインするには 2 つ目の手順が必要です。パスキー、またはスマートフォンのアプリのコードです。
passkeys-title = パスキー
passkeys-advice = 指紋、顔、または画面ロックでログインします。覚えるものはありません。
passkeys-add = パスキーを追加
passkeys-added = これからは { $name } でログインできます。
passkeys-removed = パスキーを削除しました。お使いのデバイスからも削除してください。
passkeys-not-made = パスキーは追加されませんでした。もう一度お試しください。
passkeys-known = このデバイスには、このアカウントのパスキーがすでにあります。
passkeys-impossible = ここではパスキーを使えません。https と、番号ではなく名前で接続するサーバーが必要です。
passkeys-too-many = { $passkeys ->
   *[other] パスキーが { $passkeys } 個あり、これ以上は追加できません。先に 1 つ削除してください。
}
passkeys-codes = パスキーをなくしたときのために、リカバリーコードを作成する
passkeys-made = 追加日時
passkeys-rename = 名前を変更
passkeys-name = 名前
passkeys-name-refused = { $characters ->
   *[other] 見える文字で { $characters } 文字以内の名前にしてください。
}
passkeys-remove = パスキーを削除
passkeys-last = これが唯一のログイン方法です。削除する前に、別のパスキーを追加するか、パスワードを設定してください。
passkeys-on-devices = お使いのデバイス
passkeys-on-security-key = セキュリティキー
security-passkeys = { $passkeys ->
   *[other] { $passkeys } 個のパスキーでログインできます。
}
security-app-none = アプリはオンになっていません。
app-turn-off-passkeys = パスキーとリカバリーコードは引き続き使えます。
second-step-passkey = パスキーを使ってください。指紋、顔、または画面ロックで本人であることを確認します。
second-step-use-passkey = パスキーを使う
second-step-passkey-none = パスキーは使われませんでした。もう一度試すか、別の方法を選んでください。
second-step-passkey-wrong = このパスキーは受け付けられませんでした。もう一度試すか、別の方法を選んでください。
activity-passkey-signed-in = パスキーでログインしました
activity-passkey-refused = パスキーが受け付けられませんでした
activity-passkey-added = パスキーが追加されました
activity-passkey-removed = パスキーが削除されました
mail-passkey-added-subject = アカウントにパスキーが追加されました
mail-passkey-added-text = 今後はこのパスキーで { $server } にログインできます。パスワードの後にもパスキーを確認します。
mail-passkey-removed-subject = アカウントからパスキーが削除されました
mail-passkey-removed-text = 今後このパスキーでは { $server } にログインできません。
