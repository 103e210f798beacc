
## A page for administrators

forbidden-heading = このページは管理者用です
forbidden-what = このアカウントには、このサーバーを管理する権限がありません。

## The pages of administrators

admin-title = 管理
admin-dashboard = 概要
admin-people = ユーザー
admin-groups = グループ
admin-apps = アプリ
admin-apis = API の一覧
admin-tokens = 登録トークン
admin-keys = 署名鍵
admin-settings = 設定

## On several of these pages

admin-locked = ここではすべてを閲覧できます。
admin-unlock = 変更するにはもう一度サインインしてください
admin-search = 検索
admin-clear = 検索をクリア
admin-first = 最初のページ
admin-any = すべて
admin-none = なし
admin-yes = はい
admin-no = いいえ
admin-action = 操作
admin-status = 状態
admin-since = 登録日時
admin-expires = 有効期限
admin-used = 使用数
admin-value = 値
admin-more = その他
admin-kind = 種類
admin-state-active = 有効
admin-state-enabled = 有効なもの
admin-state-disabled = 無効
admin-state-invited = 招待中
admin-state-over = 使用済みまたは期限切れ
admin-disable = 無効にする
admin-enable = 有効にする
admin-delete = 削除
admin-ending = 無効化または削除
admin-disable-instead = 代わりに無効にして、後で決める
admin-delete-heading = { $name } を削除しますか？
admin-type-name = 確認のため { $name } と入力してください
admin-other-name = 名前が違います。何も削除されていません。
admin-no-match = 一致するものがありません。検索をクリアするか、入力を短くしてください。
admin-unknown = その間に削除された可能性があります。
admin-stale = その間に別の人が変更しました。比べてから、もう一度保存してください。
admin-now = 現在の値: { $value }
admin-refused = これは保存できません。
admin-not-json = 説明のような JSON オブジェクトを書くか、空のままにしてください。
admin-shown-once = 今だけ表示されます。このページを離れる前にコピーしてください。
admin-created = { $name } を作成しました。
admin-deleted = { $name } を削除しました。
admin-disabled-done = { $name } を無効にしました。
admin-enabled-done = { $name } を再び有効にしました。

## The overview

admin-welcome = このサーバーは新しい状態です。三つの手順で使えるようになります。
admin-step-app = サインインに使う最初のアプリを接続します。
admin-step-people = 利用する人を招待します。
admin-step-factor = 自分のアカウントを二段階目の確認で守ります。
admin-warn-factor = 自分のアカウントに二段階目の確認がありません。パスワードを知った人は、このサーバーを管理できてしまいます。
admin-warn-mail = メールが設定されていません。リンクは自分で渡すことになり、忘れたパスワードを本人だけで再設定できません。
admin-counts-caption = サインインと、それを妨げたもの
admin-day = 24 時間
admin-month = 30 日間
admin-server = このサーバー
admin-key-age = { $algorithm } 鍵の署名開始
admin-version = バージョン

## People

admin-people-caption = サインインできるすべての人
admin-people-search = 次で始まるユーザー名またはメール
admin-people-none = サインインできる人はまだいません。
admin-group = 所属グループ
admin-last-sign-in = 最後のサインイン
admin-person = 対象者
admin-person-new = ユーザーを招待
admin-person-new-what = 招待された人は、一度だけ使えるリンクで自分のパスワードを決めます。管理者がそれを見ることはありません。
admin-invite = 招待する
admin-invite-by-mail = リンクはこのアドレスに送られます。アドレスがなければ、表示されるリンクを自分で渡します。
admin-invite-by-hand = メールが設定されていないため、一度だけ表示されるリンクを自分で渡します。
admin-person-open = このユーザーへ
admin-given-name = 名
admin-family-name = 姓
admin-phone = 電話番号
admin-email-verified = アドレスは確認済み
admin-email-taken = このアドレスは別の人が使っています。
admin-custom-claims = その他の情報
admin-custom-claims-hint = department や employee_number などの名前を持つ JSON オブジェクト。権限が許す情報だけがアプリに見えます。
admin-claim-has-field = { $claim } には専用の欄があるか、ここでは設定できません。
admin-last-administrator = ほかに管理者としてサインインできる人がいません。先に別の人を管理者にしてください。
admin-person-no-groups = まだどのグループにも入っていません。
admin-description = 説明
admin-member-add = グループに追加
admin-member-remove = グループから外す
admin-member-added = { $name } をグループに追加しました。
admin-member-removed = { $name } をグループから外しました。
admin-role = 役割
admin-administrator = 管理者
admin-administrator-what = このサーバーのすべてのユーザー、アプリ、鍵を変更できます。
admin-sign-in = サインイン
admin-password-set = パスワードあり
admin-password-none = パスワード未設定
admin-app-on = アプリのコードを確認する
admin-app-off = 設定されていません
admin-invitation = 招待
admin-invitation-what = パスワードを決めるための新しいリンクです。以前のリンクは使えなくなります。
admin-invite-again = 新しい招待を作る
admin-reset = パスワードを忘れた場合
admin-reset-what = 新しいパスワードを設定するリンクです。一度だけ使え、すべての場所でサインアウトされます。
admin-reset-make = リンクを作る
admin-link = リンク
admin-link-heading = { $name } さんのリンク
admin-lock = ロックの解除
admin-lock-what = 間違ったパスワードが続くと、しばらく試せなくなります。すぐに試せるようにできます。
admin-lock-open = 解除する
admin-unlocked = { $name } さんは再びサインインを試せます。
admin-factors = 電話をなくした場合
admin-factors-what = 認証アプリとリカバリーコードを削除します。新しいものが追加されるまで、パスワードだけでサインインできます。
admin-factors-reset = 二段階目の確認を削除
admin-factors-removed = { $name } さんの二段階目の確認を削除しました。
admin-devices = デバイス
admin-devices-none = どこにもサインインしていません。
admin-sign-out-everywhere = すべての場所でサインアウト
admin-signed-out = { $name } さんをすべての場所でサインアウトしました。
admin-person-disable = { $name } さんを無効にしますか？
admin-person-disable-what = すぐにすべての場所でサインアウトされ、サインインできなくなります。後で有効に戻せます。
admin-person-enable = { $name } さんを有効にしますか？
admin-person-enable-what = 再びサインインできます。終了したものは元に戻りません。
admin-person-delete-what = セッション、アプリのアクセス、グループ、サインイン履歴も一緒に消えます。元に戻せません。

## Groups

admin-groups-caption = ユーザーのグループ
admin-groups-none = グループはまだありません。グループはメンバーにアプリを開放します。
admin-group-new = 新しいグループ
admin-group-name = アプリ向けの名前
admin-group-name-hint = 後から変更できません。アプリはこの名前でグループを識別します。
admin-group-create = グループを作成
admin-group-taken = この名前は別のグループが使っています。
admin-display-name = 表示名
admin-details = グループについて
admin-members-heading = メンバー
admin-members-none = このグループにはまだ誰もいません。
admin-member-add-person = ユーザーを追加
admin-no-such-person = このユーザー名またはメールの人はいません。
admin-group-claims-hint = JSON オブジェクト。メンバー全員がこの情報も持ちます。
admin-group-delete-what = このグループだけが与えていたものをメンバーは失い、ほかのグループを許可していないアプリには誰も入れなくなります。元に戻せません。

## Applications

admin-apps-caption = アプリとプログラム
admin-apps-search = 次で始まる名前またはクライアント ID
admin-apps-none = アプリはまだありません。最初のアプリの種類を選んでください。
admin-app = アプリ
admin-app-new = 新しいアプリ
admin-app-new-what = どの種類のアプリですか？種類によってサインインの方法が決まります。
admin-app-create = アプリを作成
admin-app-result = { $name } を接続できます
admin-app-open = このアプリへ
admin-client-id = クライアント ID
admin-secret = クライアントシークレット
admin-issuer = 発行者
admin-discovery = プログラム用の構成
admin-scope = 権限
admin-notes = この登録について知っておくこと
admin-kind-web = ウェブアプリ
admin-kind-web-what = サーバーで動き、シークレットを保管できます。自分で運用するアプリの多くはこの種類です。
admin-kind-single-page = シングルページアプリ
admin-kind-single-page-what = ブラウザーだけで動き、シークレットを保管しません。
admin-kind-native = ネイティブアプリ
admin-kind-native-what = 電話やコンピューターにインストールするか、コマンドラインで動きます。
admin-kind-device = 機器
admin-kind-device-what = テレビのようにブラウザーやキーボードがありません。電話でサインインします。
admin-kind-machine = マシン
admin-kind-machine-what = 人を介さず、自分自身のために動くプログラムです。
admin-kind-api = API サービス
admin-kind-api-what = トークンを受け取り、有効かどうかをこのサーバーに尋ねるサービスです。
admin-redirect-uris-hint = 一行に一つのアドレス。最後のスラッシュも含めて一文字ずつ比べます。
admin-redirect-uris-native-hint = 一行に一つ。この機器のどのポートでもよい場合は http://127.0.0.1/callback、または独自のスキーム。
admin-resources-hint = 一行に一つの識別子。登録済みの API を呼ばない場合は空にします。
admin-jwks-uri-hint = 公開鍵の https アドレス。これがあればシークレットは不要です。
admin-require-pkce-hint = アプリが対応していない場合を除き、オンのままにしてください。
admin-allowed-groups-hint = 一行に一つのグループ。一つもなければ誰も入れません。
admin-consent = 同意
admin-consent-ask = アクセスを与える前に本人に尋ねる
admin-consent-own = 尋ねない（自分たちのアプリ）
admin-entry = 入れる人
admin-entry-everybody = 全員
admin-entry-groups = 次のグループのメンバーのみ
admin-advanced-defaults = 詳細設定: すべて既定値
# $members: a whole number, at least 1
admin-advanced-changed = { $members ->
   *[other] 詳細設定: { $members } 件変更
}
admin-secret-replace = シークレットを交換
admin-secret-heading = { $name } のシークレットを交換しますか？
admin-secret-what = 古いシークレットはすぐに使えなくなり、新しいものを設定するまでアプリは動きません。
admin-app-disable = { $name } を無効にしますか？
admin-app-disable-what = 誰もサインインできなくなり、渡されたものはすべて無効になります。後で有効に戻せます。
admin-app-enable = { $name } を有効にしますか？
admin-app-enable-what = 再びサインインできるようになります。
admin-app-delete-what = 全員がアクセスを失い、設定も消えます。元に戻せません。
admin-tab-overview = アプリについて
admin-tab-access = アクセス
admin-tab-told = 知らせる内容
admin-tab-proof = 証明
admin-tab-advanced = 詳細
admin-m-client-name = 名前
admin-m-logo-uri = ロゴ
admin-m-client-uri = ホームページ
admin-m-initiate-login-uri = 開始ページ
admin-m-contacts = 連絡先
admin-m-policy-uri = プライバシーポリシー
admin-m-tos-uri = 利用規約
admin-m-redirect-uris = 戻り先アドレス
admin-m-post-logout-redirect-uris = サインアウト後のアドレス
admin-m-require-pkce = サインインを始めたことを証明する (PKCE)
admin-m-grant-types = トークンの取得方法
admin-m-application-type = 動作する場所
admin-m-allow-http-redirect = ローカルネットワークで http を使える
admin-m-allowed-groups = 許可するグループ
admin-m-scope = 権限
admin-m-resources = 使用する API
admin-m-default-resource = 通常の API
admin-m-first-party = 自分たちのアプリ（同意を求めない）
admin-m-default-max-age = 許される最も古いサインイン（秒）
admin-m-default-acr-values = サインインの強度
admin-m-id-token-claims = 本人の情報を ID トークンに含める
admin-m-backchannel-logout-uri = サインアウトの通知先
admin-m-backchannel-session = 通知にセッションを含める
admin-m-frontchannel-logout-uri = ブラウザーでの通知先
admin-m-frontchannel-session = ブラウザーでの通知にセッションを含める
admin-m-subject-type = ユーザーの ID: アプリごとまたは共通
admin-m-sector-identifier-uri = ID を共有するアプリ
admin-m-require-auth-time = サインインした時刻を必ず知らせる
admin-m-claim-mapping = 名前を変えた情報
admin-m-auth-method = 自分を証明する方法
admin-m-jwks-uri = 鍵のアドレス
admin-m-jwks = 鍵
admin-m-auth-alg = 証明の署名
admin-m-access-token-format = アクセストークン
admin-m-access-token-typ = アクセストークンの種別
admin-m-id-token-alg = ID トークンの署名
admin-m-userinfo-alg = ユーザー情報の署名
admin-m-require-par = リクエストを事前に送る必要がある
admin-m-require-request-object = リクエストに署名する必要がある
admin-m-request-object-alg = リクエストの署名
admin-m-request-uris = リクエストのアドレス
admin-m-resource-server = すべてのトークンを確認できる

## The server

admin-keys-what = アプリはこれらの鍵でトークンを検証します。鍵は定期的に交換されます。
admin-keys-caption = 鍵（新しい順）
admin-key = 鍵
admin-algorithm = アルゴリズム
admin-made = 作成
admin-key-next = 次に署名する
admin-key-current = 現在署名している
admin-key-previous = もう署名しないが、トークンは有効
admin-key-retired = 公開終了
admin-keys-rotate = 鍵を交換
admin-keys-rotated = これからは次の鍵が署名します。
admin-rotate-what = 各アルゴリズムの次の鍵が署名を始め、その次の鍵が作られます。
admin-rotate-why = 理由
admin-rotate-scheduled = 定期的な交換（誰も気づきません）
admin-rotate-emergency = すぐに交換（一部のアプリが数分間失敗することがあります）
admin-rotate-compromised = 鍵が漏れた（全員がサインインし直します）
admin-rotate-too-fresh = アプリがまだ次の鍵を知らない可能性があります。五分後にもう一度試してください。
admin-api = サービス
admin-apis-what = アプリがトークンを取得する対象のサービスです。追加と変更はコマンドラインで行います: resource create
admin-apis-none = 登録された API はありません。
admin-identifier = 識別子
admin-permissions = 権限
admin-token = 登録トークン
admin-tokens-what = このトークンでアプリは自分を登録します。
admin-tokens-none = トークンはまだありません。
admin-token-new = 新しい登録トークン
admin-token-uses = 登録できる数
admin-token-days = 有効な日数
admin-token-create = トークンを作成
admin-token-number = 整数を入力してください。登録は 1 から 10000、日数は 1 から 365 です。
admin-token-revoke = トークンを取り消す
admin-token-revoke-what = これで登録することはできなくなります。登録済みのアプリは残ります。
admin-token-revoked = トークンを取り消しました。
admin-settings-what = 構成ファイルと環境変数の値です。変更には再起動が必要です。
admin-setting = 設定項目
admin-source = 由来
admin-setting-default = 既定値

## Activity

admin-sign-ins = サインイン履歴
admin-changes = 変更
admin-events-caption = サインイン（新しい順）
admin-event-signed-in = サインインしました
admin-event-wrong-password = パスワードの間違い
admin-event-disabled = サインイン不可（無効）
admin-event-locked-out = 試行回数が多すぎます
admin-event-password-changed = パスワードの変更
admin-event-link-used = リンクの使用
admin-event-unlocked = 管理者による解除
admin-event-wrong-code = 二段階目のコードの間違い
admin-event-recovery-code = リカバリーコードの使用
admin-event-factor-added = 認証アプリの有効化
admin-event-factor-removed = 認証アプリの無効化
admin-event-passkey-signed-in = パスキーでサインイン
admin-event-passkey-refused = パスキーが受け入れられませんでした
admin-event-passkey-added = パスキーを追加
admin-event-passkey-removed = パスキーを削除
admin-changes-caption = 管理者による変更（新しい順）
admin-changes-search = ユーザー、アプリ、鍵の ID
admin-change = 変更内容
admin-target = 対象
admin-who = 実行者
admin-members = 変更前と変更後
# $members: a whole number, at least 4; a click shows them
admin-members-many = { $members ->
   *[other] { $members } 項目
}
admin-actor-command-line = コマンドライン
admin-actor-set-up = 初期設定リンク
admin-actor-self-registered = アプリ自身
admin-actor-server = このサーバー自身
