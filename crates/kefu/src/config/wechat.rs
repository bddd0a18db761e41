//! `[wechat]`: where WeChat is, and whether its accounts are asked by themselves.

use serde::{Deserialize, Serialize};
use url::Url;

/// Hosts of the real platform: the desk's clock must not be moved there.
const TENCENT_HOSTS: &[&str] = &["weixin.qq.com", "wechat.com"];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawWechat {
    pub(super) api_base_url: String,
    pub(super) probe: bool,
}

impl Default for RawWechat {
    fn default() -> Self {
        Self {
            api_base_url: "https://api.weixin.qq.com".into(),
            probe: true,
        }
    }
}

/// Whether this is the real platform.
pub(super) fn is_tencent(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default();
    TENCENT_HOSTS
        .iter()
        .any(|known| host == *known || host.ends_with(&format!(".{known}")))
}
