#include "ops/generator/vocabulary.h"

namespace earshot::generator {
namespace {

constexpr std::string_view kVocabulary = R"(
things_payments: アプリ | カード | 送金 | 明細 | 為替レート | 口座
things_phones: カメラ | バッテリー | {product} | 画面 | アップデート | 充電器
things_coffee: ラテ | アイスコーヒー | 行列 | ポイントカード | シナモンロール | 新メニュー
things_airline: 便 | チェックイン | 搭乗口 | 座席 | ラウンジ | 荷物 | 機内食
things_scooters: キックボード | 解錠コード | 駐輪場所 | ヘルメット | ブレーキ | 定額プラン
things_groceries: 配達 | 野菜セット | 配達員 | 代替品 | 時間帯 | 保冷バッグ
things_mobile: 電波 | ローミング | データプラン | ルーター | 請求書 | サポート | 光回線
things_streaming: アプリ | 新シーズン | 字幕 | 画質 | マイリスト | 料金 | キッズ設定

good: 最高 | とても良い | 想像以上 | すごく便利 | 素晴らしい | かなり良い
bad: 遅い | ひどい | 残念 | また壊れた | 毎週悪くなる | 使えない
place: 東京 | 大阪 | 名古屋 | 札幌 | 福岡 | 京都 | 仙台 | 横浜 | 広島 | 神戸
moment: 今日 | 今朝 | 昨夜 | 通勤中 | さっき | 今週 | 週末 | 昼休み
who: 妹 | 父 | 同僚 | 隣の人 | 子どもたち | 母 | 友だち
joy: 😀 | 🎉 | ❤️ | 👏 | 🙌 | ✨ | (^^)
anger: 😡 | 😤 | 😩 | 😢 | 💢
aside: {place}の人いますか? | もう{n}か月使ってる。 | {who}も同じ意見。 | {moment}の話。 | {place}より。 | 番号は{id}。 | 続きはまた明日。

praise: {brand}の{thing}は{good}{joy} | {brand}ありがとう、{thing}が{good}{joy} | {moment}{brand}を使ったけど{thing}が{good}
praise: {who}も{brand}に変えた。{thing}が{good} | {brand}歴{n}か月、{thing}は{good}{joy}
complaint: {brand}の{thing}が{bad}{anger} | {moment}から{brand}の{thing}が{bad}。どうにかして{anger}
complaint: {brand}のサポートに{n}分待たされた。{bad}{anger} | 問い合わせ{id}、{brand}からまだ返事なし。{bad}
question: {brand}の{thing}はどうやって変えますか? | {brand}は{place}でも使える? | {brand}の{thing}って{good}?知ってる人いる?
question: {place}で{brand}つながらないの私だけ? | {brand}さん、{thing}はいつ戻りますか?もう{n}日待ってます
purchase: {brand}に変えようか検討中、{thing}が気になる | {product}を注文した、{amount}ドル{joy} | {product}は{place}で買える?
remark: {who}が{brand}で働き始めた | {brand}が{place}にできた | {moment}{place}で{brand}の広告を見た | {brand}の記事を{n}分読んだ

chat: {place}は{n}時間ずっと雨 | コーヒーとメール{n}通、まだ九時 | {who}が{moment}ご飯を作ってくれた{joy}
chat: {place}行きの電車が{n}分遅れ{anger} | おはよう{place}{joy} | {moment}の試合見る人いる? | {n}キロ走った{joy}
chat: 中古の自転車を{amount}ドルで買った、{good} | {place}の美術館は{good} | 近所が停電、{place} | 休みまであと{n}日
news: {brand}、{place}に{n}店舗を開設 | {brand}の四半期は堅調 | {place}市と{brand}が実証実験

launch: {product}きた、大好き{joy} | {brand}の{product}発表、{good}{joy} | {product}予約した、{amount}ドル{joy}
launch: {place}で{product}の行列、楽しい{joy} | {brand}おめでとう、{product}は{good}{joy} | {product}を{n}時間使った、{good}{joy}
news_launch: {brand}が{product}を発表 | {brand}の{product}、最初の印象

pain: 許せない | 最悪 | 二度と使わない | お金を返して | 本当に困る | ひどすぎる
shop: スーパーで | ガソリンスタンドで | 薬局で | レストランで | 駅で | ホテルで
outage: {brand}が障害、{shop}カードが使えない{anger} | {brand}で二重請求、{amount}ドル、{pain}{anger} | {shop}{n}回カード拒否、{brand}障害、{pain}
outage: {brand}の決済障害、サポートもつながらない、{pain} | {brand}さん、{amount}ドルの返金はいつ?{pain}{anger} | {who}も{place}で{brand}が使えない、{pain}
news_outage: {brand}で決済障害、{place}にも影響 | {brand}、決済の障害を認める
breach: {brand}で情報漏えい?カード番号が流出、{pain}{anger} | {brand}の情報漏えい、全部止めた、{pain} | {brand}の情報漏えい後に{amount}ドル消えた、{pain}{anger}
breach: {brand}の口座{n}万件が流出、{pain}{anger} | {who}に{brand}の情報で詐欺電話、{pain}{anger}
news_breach: {brand}に情報漏えいのうわさ | 当局、{brand}に漏えいを照会
recovery: {brand}、{place}で復旧、やっと | {brand}から返金{amount}ドル届いた、ありがとう{joy} | {brand}の支払い通った、{who}も{joy}
news_recovery: {brand}、決済が復旧 | {brand}、返金を約束
)";

}  // namespace

std::string_view japanese_vocabulary() {
  return kVocabulary;
}

}  // namespace earshot::generator
