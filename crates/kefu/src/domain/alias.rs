//! A friendly name for a contact whose name WeChat does not give: made once, from the contact's outside id.

use super::agent::Language;

const ENGLISH: (&[&str], &[&str]) = (
    &[
        "Amber", "Brisk", "Calm", "Clear", "Coral", "Eager", "Gentle", "Golden", "Indigo", "Jade", "Lively",
        "Misty", "Olive", "Quiet", "Silver", "Sunny",
    ],
    &[
        "Crane", "Deer", "Falcon", "Finch", "Fox", "Hare", "Heron", "Koi", "Lark", "Lynx", "Otter", "Panda",
        "Robin", "Sparrow", "Swan", "Turtle",
    ],
);
const JAPANESE: (&[&str], &[&str]) = (
    &[
        "琥珀の",
        "静かな",
        "明るい",
        "やさしい",
        "金色の",
        "藍色の",
        "翡翠の",
        "元気な",
        "霧の",
        "銀の",
        "澄んだ",
        "春の",
        "夏の",
        "秋の",
        "冬の",
        "青い",
    ],
    &[
        "ツル",
        "シカ",
        "ハヤブサ",
        "ヒワ",
        "キツネ",
        "ウサギ",
        "サギ",
        "コイ",
        "ヒバリ",
        "ヤマネコ",
        "カワウソ",
        "パンダ",
        "コマドリ",
        "スズメ",
        "ハクチョウ",
        "カメ",
    ],
);
const CHINESE: (&[&str], &[&str]) = (
    &[
        "琥珀色的",
        "安静的",
        "明亮的",
        "温和的",
        "金色的",
        "靛蓝的",
        "翡翠色的",
        "活泼的",
        "薄雾中的",
        "银色的",
        "清澈的",
        "春天的",
        "夏天的",
        "秋天的",
        "冬天的",
        "蓝色的",
    ],
    &[
        "仙鹤",
        "小鹿",
        "猎隼",
        "金翅雀",
        "狐狸",
        "野兔",
        "白鹭",
        "锦鲤",
        "云雀",
        "山猫",
        "水獭",
        "熊猫",
        "知更鸟",
        "麻雀",
        "天鹅",
        "海龟",
    ],
);

/// The alias of the contact with this outside id, in the installation's language.
pub fn alias(external_id: &str, language: Language) -> String {
    let hash = fnv1a(external_id.as_bytes());
    let (adjectives, animals) = match language {
        Language::English => ENGLISH,
        Language::Japanese => JAPANESE,
        Language::Chinese => CHINESE,
    };
    let adjective = adjectives[usize::from(hash as u8) % adjectives.len()];
    let animal = animals[usize::from((hash >> 8) as u8) % animals.len()];
    let number = (hash >> 16) % 100;
    match language {
        Language::English => format!("{adjective} {animal} {number:02}"),
        Language::Japanese | Language::Chinese => format!("{adjective}{animal}{number:02}"),
    }
}

/// FNV-1a, 64 bits: stable across versions and platforms, which the standard hasher is not.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_contact_always_has_the_same_alias() {
        assert_eq!(alias("oABC", Language::English), alias("oABC", Language::English));
        assert_ne!(alias("oABC", Language::English), alias("oABD", Language::English));
    }
}
