/**
 * WeChat's own faces arrive as codes: an old form such as `/::)`, and a word in brackets, in English or Chinese.
 * They are shown as emoji of the system; what is copied is the text as it was written.
 */

/** A face: what is shown, and its codes. The first word in brackets names it. */
type Face = readonly [emoji: string, ...codes: string[]];

const faces: readonly Face[] = [
  ["🙂", "[微笑]", "[Smile]", "/::)"],
  ["😖", "[撇嘴]", "[Grimace]", "/::~"],
  ["😍", "[色]", "[Drool]", "/::B"],
  ["😳", "[发呆]", "[Scowl]", "/::|"],
  ["😎", "[得意]", "[CoolGuy]", "/:8-)"],
  ["😭", "[流泪]", "[Sob]", "/::<"],
  ["☺️", "[害羞]", "[Shy]", "/::$"],
  ["🤐", "[闭嘴]", "[Silent]", "/::X"],
  ["😴", "[睡]", "[Sleep]", "/::Z"],
  ["😢", "[大哭]", "[Cry]", "/::'("],
  ["😅", "[尴尬]", "[Awkward]", "/::-|"],
  ["😡", "[发怒]", "[Angry]", "/::@"],
  ["😜", "[调皮]", "[Tongue]", "/::P"],
  ["😁", "[呲牙]", "[Grin]", "/::D"],
  ["😮", "[惊讶]", "[Surprise]", "/::O"],
  ["🙁", "[难过]", "[Frown]", "/::("],
  ["😎", "[酷]", "[Ruthless]", "/::+"],
  ["😰", "[冷汗]", "[Blush]", "/:--b"],
  ["😫", "[抓狂]", "[Scream]", "/::Q"],
  ["🤮", "[吐]", "[Puke]", "/::T"],
  ["🤭", "[偷笑]", "[Chuckle]", "/:,@P"],
  ["😊", "[愉快]", "[可爱]", "[Joyful]", "/:,@-D"],
  ["🙄", "[白眼]", "[Slight]", "/::d"],
  ["😏", "[傲慢]", "[Smug]", "/:,@o"],
  ["😋", "[饥饿]", "[Hungry]", "/::g"],
  ["😪", "[困]", "[Drowsy]", "/:|-)"],
  ["😱", "[惊恐]", "[Panic]", "/::!"],
  ["😓", "[流汗]", "[Sweat]", "/::L"],
  ["😄", "[憨笑]", "[Laugh]", "/::>"],
  ["😌", "[悠闲]", "[大兵]", "[Commando]", "/::,@"],
  ["💪", "[奋斗]", "[Determined]", "/:,@f"],
  ["🤬", "[咒骂]", "[Scold]", "/::-S"],
  ["🤔", "[疑问]", "[Shocked]", "/:?"],
  ["🤫", "[嘘]", "[Shhh]", "/:,@x"],
  ["😵", "[晕]", "[Dizzy]", "/:,@@"],
  ["🤪", "[疯了]", "[折磨]", "[Tormented]", "/::8"],
  ["😞", "[衰]", "[Toasted]", "/:,@!"],
  ["💀", "[骷髅]", "[Skull]", "/:!!!"],
  ["🔨", "[敲打]", "[Hammer]", "/:xx"],
  ["👋", "[再见]", "[Wave]", "[Bye]", "/:bye"],
  ["😥", "[擦汗]", "[Speechless]", "/:wipe"],
  ["👃", "[抠鼻]", "[NosePick]", "/:dig"],
  ["👏", "[鼓掌]", "[Clap]", "/:handclap"],
  ["😳", "[糗大了]", "[Shame]", "/:&-("],
  ["😼", "[坏笑]", "[Trick]", "/:B-)"],
  ["😤", "[左哼哼]", "[Bah!L]", "/:<@"],
  ["😤", "[右哼哼]", "[Bah!R]", "/:@>"],
  ["🥱", "[哈欠]", "[Yawn]", "/::-O"],
  ["😒", "[鄙视]", "[Pooh-pooh]", "/:>-|"],
  ["🥺", "[委屈]", "[Shrunken]", "/:P-("],
  ["😿", "[快哭了]", "[TearingUp]", "/::'|"],
  ["😈", "[阴险]", "[Sly]", "/:X-)"],
  ["😘", "[亲亲]", "[Kiss]", "/::*"],
  ["😨", "[吓]", "[Wrath]", "/:@x"],
  ["🥹", "[可怜]", "[Whimper]", "/:8*"],
  ["🔪", "[菜刀]", "[Cleaver]", "/:pd"],
  ["🍉", "[西瓜]", "[Watermelon]", "/:<W>"],
  ["🍺", "[啤酒]", "[Beer]", "/:beer"],
  ["🏀", "[篮球]", "[Basketball]", "/:basketb"],
  ["🏓", "[乒乓]", "[PingPong]", "/:oo"],
  ["☕", "[咖啡]", "[Coffee]", "/:coffee"],
  ["🍚", "[饭]", "[Rice]", "/:eat"],
  ["🐷", "[猪头]", "[Pig]", "/:pig"],
  ["🌹", "[玫瑰]", "[Rose]", "/:rose"],
  ["🥀", "[凋谢]", "[Wilt]", "/:fade"],
  ["💋", "[嘴唇]", "[示爱]", "[Lips]", "/:showlove"],
  ["❤️", "[爱心]", "[Heart]", "/:heart"],
  ["💔", "[心碎]", "[BrokenHeart]", "/:break"],
  ["🎂", "[蛋糕]", "[Cake]", "/:cake"],
  ["⚡", "[闪电]", "[Lightning]", "/:li"],
  ["💣", "[炸弹]", "[Bomb]", "/:bome"],
  ["🗡️", "[刀]", "[Dagger]", "/:kn"],
  ["⚽", "[足球]", "[Soccer]", "/:footb"],
  ["🐞", "[瓢虫]", "[Ladybug]", "/:ladybug"],
  ["💩", "[便便]", "[Poop]", "/:shit"],
  ["🌙", "[月亮]", "[Moon]", "/:moon"],
  ["☀️", "[太阳]", "[Sun]", "/:sun"],
  ["🎁", "[礼物]", "[Gift]", "/:gift"],
  ["🤗", "[拥抱]", "[Hug]", "/:hug"],
  ["👍", "[强]", "[ThumbsUp]", "[Strong]", "/:strong"],
  ["👎", "[弱]", "[ThumbsDown]", "[Weak]", "/:weak"],
  ["🤝", "[握手]", "[Shake]", "/:share"],
  ["✌️", "[胜利]", "[Peace]", "[Victory]", "/:v"],
  ["🙏", "[抱拳]", "[Salute]", "[Fight]", "/:@)"],
  ["☝️", "[勾引]", "[Beckon]", "/:jj"],
  ["👊", "[拳头]", "[Fist]", "/:@@"],
  ["🤏", "[差劲]", "[Pinky]", "/:bad"],
  ["🤟", "[爱你]", "[RockOn]", "/:lvu"],
  ["🙅", "[NO]", "[Nuh-uh]", "/:no"],
  ["👌", "[OK]", "/:ok"],
  ["💑", "[爱情]", "[InLove]", "/:love"],
  ["😚", "[飞吻]", "[Blowkiss]", "/:<L>"],
  ["🕺", "[跳跳]", "[Waddle]", "/:jump"],
  ["🥶", "[发抖]", "[Tremble]", "/:shake"],
  ["😠", "[怄火]", "[Aaagh!]", "/:<O>"],
  ["💃", "[转圈]", "[Twirl]", "/:circle"],
  ["🙇", "[磕头]", "[Kotow]", "/:kotow"],
  ["🔙", "[回头]", "[Dramatic]", "/:turn"],
  ["🤸", "[跳绳]", "[JumpRope]", "/:skip"],
  ["🏳️", "[投降]", "[Surrender]", "/:oY"],
  ["🤩", "[激动]", "[Hooray]", "/:#-0"],
  ["🤸", "[街舞]", "[Meditate]", "/:hiphot"],
  ["😗", "[献吻]", "[Smooch]", "/:kiss"],
  ["☯️", "[左太极]", "[TaiChi L]", "/:<&"],
  ["☯️", "[右太极]", "[TaiChi R]", "/:&>"],
  ["👊", "[嘿哈]", "[Hey]"],
  ["🤦", "[捂脸]", "[Facepalm]"],
  ["😏", "[奸笑]", "[Smirk]"],
  ["🤓", "[机智]", "[Smart]"],
  ["😟", "[皱眉]", "[Concerned]"],
  ["✌️", "[耶]", "[Yeah!]"],
  ["🧧", "[红包]", "[Packet]"],
  ["🐥", "[鸡]", "[Chick]"],
  ["🕯️", "[蜡烛]", "[Candle]"],
  ["🍿", "[吃瓜]", "[Onlooker]"],
  ["💪", "[加油]", "[GoForIt]"],
  ["💪", "[加油加油]", "[KeepFighting]"],
  ["😓", "[汗]", "[Sweats]"],
  ["😱", "[天啊]", "[OMG]"],
  ["🤔", "[Emm]"],
  ["🫡", "[社会社会]", "[Respect]"],
  ["🐶", "[旺柴]", "[Doge]"],
  ["👌", "[好的]", "[NoProb]"],
  ["🤕", "[打脸]", "[MyBad]"],
  ["😲", "[哇]", "[Wow]"],
  ["🙄", "[翻白眼]", "[Boring]"],
  ["🤙", "[666]", "[Awesome]"],
  ["👀", "[让我看看]", "[LetMeSee]"],
  ["😮‍💨", "[叹气]", "[Sigh]"],
  ["😣", "[苦涩]", "[Hurt]"],
  ["💥", "[裂开]", "[Broken]"],
  ["🎉", "[庆祝]", "[Party]"],
  ["😀", "[笑脸]", "[Happy]"],
  ["🤒", "[生病]", "[Sick]"],
  ["😳", "[脸红]", "[Flushed]"],
  ["😂", "[破涕为笑]", "[Lol]"],
  ["😱", "[恐惧]", "[Terror]"],
  ["😔", "[失望]", "[LetDown]"],
  ["😑", "[无语]", "[Duh]"],
  ["💰", "[發]", "[Rich]"],
  ["🎆", "[烟花]", "[Fireworks]"],
  ["🧨", "[爆竹]", "[Firecracker]"],
  ["🏮", "[福]", "[Blessing]"],
];

const emojiOf = new Map<string, { emoji: string; name: string }>();
for (const [emoji, ...codes] of faces) {
  for (const code of codes) emojiOf.set(code, { emoji, name: codes[0] ?? code });
}

/** Every code. */
export const faceCodes = [...emojiOf.keys()];

const escaped = (code: string) => code.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
// The longest first: `/:,@@` is one face, not `/:,@` and an `@`.
const pattern = new RegExp(
  [...faceCodes]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join("|"),
  "g",
);

/** A piece of a text: words as they are, or a face with the code that stands for it. */
export type Piece = { text: string; face?: { emoji: string; name: string } };

/** Cuts a text at its faces. The texts of the pieces, joined, are the text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > done) found.push({ text: text.slice(done, match.index) });
    found.push({ text: match[0], face: emojiOf.get(match[0]) });
    done = match.index + match[0].length;
  }
  if (done < text.length) found.push({ text: text.slice(done) });
  return found;
}
