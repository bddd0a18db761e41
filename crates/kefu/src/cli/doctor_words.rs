//! What `kefu doctor` says about a finding, in English. The console has its own texts, in three languages.

use crate::domain::doctor::Finding;
use serde_json::Value;

/// What was found, and what to do about it where something is to be done.
pub(super) fn words(code: Finding, params: &Value) -> (String, Option<&'static str>) {
    let (found, fix) = sentence(code);
    (filled(found, params), fix)
}

/// Puts parameters in place of `{name}`.
fn filled(text: &str, params: &Value) -> String {
    let mut filled = text.to_owned();
    for (name, value) in params.as_object().into_iter().flatten() {
        filled = filled.replace(&format!("{{{name}}}"), &shown(value));
    }
    filled
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// What was found, and the fix.
type Sentence = (&'static str, Option<&'static str>);

fn sentence(code: Finding) -> Sentence {
    address(code)
        .or_else(|| credentials(code))
        .or_else(|| pushes(code))
        .or_else(|| account(code))
        .unwrap_or((code.as_str(), None))
}

fn address(code: Finding) -> Option<Sentence> {
    use Finding as F;
    Some(match code {
        F::UrlOk => ("{url}", None),
        F::UrlLocal => (
            "{url}: good for a simulator on this network, not for WeChat itself",
            None,
        ),
        F::UrlPort => (
            "WeChat calls port 80 and 443 only, and the callback URL has port {port}",
            Some("Set http.public_url to the address of the proxy in front of Kefu, without a port."),
        ),
        F::UrlPrivate => (
            "{host} cannot be reached from outside",
            Some("Set http.public_url to a public name, and lead it to this desk."),
        ),
        F::SelfOk => ("The callback answers through the public URL, in {ms} ms", None),
        F::SelfConnect => (
            "There is no connection to {host} ({cause})",
            Some("See that name, port and certificate lead to this desk, and that the server runs."),
        ),
        F::SelfTimeout => (
            "{host} does not answer within {seconds} seconds",
            Some("Look at the proxy in front of Kefu; WeChat gives up after five seconds too."),
        ),
        F::SelfRedirect => (
            "{host} redirects (HTTP {status}) to {location}",
            Some("WeChat follows no redirect: set http.public_url to the final address."),
        ),
        F::SelfStatus => (
            "{host} answers HTTP {status}",
            Some(
                "See that the proxy passes /callback/ on with its whole query string, and asks for no password.",
            ),
        ),
        F::SelfAnswer => (
            "What answers at {host} is not this desk",
            Some("See where the proxy leads; the answer must come through unchanged."),
        ),
        F::ReachOk => ("WeChat reaches the callback address from every network", None),
        F::ReachPartly => (
            "WeChat reaches the callback address from some networks only",
            Some("Ask your host about the way to and from mainland China."),
        ),
        F::ReachLost => (
            "WeChat does not reach the callback address",
            Some(
                "Open the port in the firewall, and see that the name leads to this desk from mainland China.",
            ),
        ),
        F::ReachPingBlocked => (
            "Pings do not arrive, but pushes do",
            Some("Nothing has to be done; allow pings if you want this to be green."),
        ),
        F::ReachDns => (
            "WeChat finds no address for the host name",
            Some("Correct the DNS entry; a new one takes a while to arrive in mainland China."),
        ),
        F::ReachNoUrl => (
            "No server address is set at WeChat",
            Some("Enter the callback URL there under Basic Configuration, and submit."),
        ),
        F::ReachUnknown => (
            "WeChat's own check gave nothing ({reason})",
            Some("Try again later."),
        ),
        _ => return None,
    })
}

fn credentials(code: Finding) -> Option<Sentence> {
    use Finding as F;
    Some(match code {
        F::TokenOk => ("WeChat gives an access token", None),
        F::TokenAppId => (
            "No account has the App ID {app_id} (40013)",
            Some("Copy it again from WeChat's Basic Configuration."),
        ),
        F::TokenSecret => (
            "The App Secret is not that of {app_id} ({code})",
            Some("Reset it at WeChat and enter the new one."),
        ),
        F::TokenAddress => (
            "WeChat sees this desk as {addresses}, which is not on the allow-list of {app_id} ({code})",
            Some("An administrator of the account adds the address; it takes 5 to 10 minutes."),
        ),
        F::TokenFrozen => (
            "The App Secret is frozen (40243)",
            Some("Unfreeze it at WeChat; it takes 10 minutes."),
        ),
        F::TokenWaiting => (
            "An administrator of the account has to confirm this address ({code})",
            Some("They find a message in their WeChat."),
        ),
        F::TokenRefusedByAdmin => (
            "An administrator of the account refused this address ({code})",
            Some("Talk to them; WeChat asks again after an hour, or a day."),
        ),
        F::TokenQuota => (
            "The day's token calls are used up (45009)",
            Some("Find the program that fetches so many; the count begins anew at midnight in China."),
        ),
        F::TokenBusy => ("WeChat is busy ({code})", Some("Try again in a minute.")),
        F::TokenUnreachable => (
            "WeChat's interface cannot be reached",
            Some("See that this machine may connect to wechat.api_base_url."),
        ),
        F::TokenAnswer => (
            "What answers at wechat.api_base_url is not WeChat",
            Some("Correct the setting, or look at the proxy in between."),
        ),
        F::TokenRefused => (
            "WeChat refuses a token ({reason})",
            Some("Look up the number at WeChat."),
        ),
        F::ClockOk => ("The clocks agree", None),
        F::ClockOff | F::ClockWrong => (
            "This machine's clock is {seconds} seconds off",
            Some("Switch on time synchronisation (NTP)."),
        ),
        F::ClockUnknown => ("WeChat told no time", None),
        F::NeedsToken => ("Not looked at: there is no access token", None),
        F::TimedOut => ("No answer within {seconds} seconds", Some("Try again.")),
        _ => return None,
    })
}

fn pushes(code: Finding) -> Option<Sentence> {
    use Finding as F;
    Some(match code {
        F::VerificationOk => ("WeChat has verified the address", None),
        F::VerificationMissing => (
            "WeChat has not verified the address yet",
            Some("Enter URL, token and key at WeChat under Basic Configuration, and submit."),
        ),
        F::PushRecent => ("The last push came at {at}", None),
        F::PushOld => (
            "No push for {days} days",
            Some(
                "Write to the account. If nothing comes, see that the server configuration at WeChat is enabled.",
            ),
        ),
        F::PushNone => ("No push yet: scan the account's code and say hello", None),
        F::PushDropped => (
            "The channel is disabled; {count} pushes were dropped",
            Some("Enable it, or switch the server configuration off at WeChat."),
        ),
        F::ModeOk => ("Pushes come in mode {configured}", None),
        F::ModeDiffers => (
            "The channel is set to {configured} and pushes come in mode {seen}",
            Some("Choose the same encryption method on both sides."),
        ),
        F::ModeUnknown => ("No push to tell the encryption method by", None),
        F::RefusalsNone => ("No request was refused", None),
        F::RefusalsPast => (
            "{count} requests were refused, the last at {last_at}; pushes have come since",
            None,
        ),
        F::WrongSignature => (
            "{count} pushes were refused: signed with another token",
            Some("Enter the same token at WeChat and here."),
        ),
        F::WrongMode => (
            "{count} pushes were refused: in clear text, and the channel is set to safe",
            Some("Choose the same encryption method on both sides."),
        ),
        F::WrongKey => (
            "{count} pushes cannot be decrypted: another EncodingAESKey (kept as dead letters)",
            Some("Enter the same EncodingAESKey at WeChat and here."),
        ),
        F::WrongAppId => (
            "{count} pushes were encrypted for another App ID (kept as dead letters)",
            Some("Correct the App ID, or the server address of the other account."),
        ),
        F::VerificationRefused => (
            "{count} checks of the address were refused: another token",
            Some("Enter the same token at WeChat and here, and submit again."),
        ),
        F::OriginalIdOk => ("Pushes name {original_id}", None),
        F::OriginalIdDiffers => (
            "{count} pushes named another account than {original_id}",
            Some("Correct the Original ID, or the server address of the other account."),
        ),
        F::NativeNone | F::NativeOff => ("Nobody is in WeChat's own customer service", None),
        F::NativeOpen => (
            "{open} people chat in WeChat's own customer service, {waiting} wait there: the desk does not get their messages",
            Some("End those chats there, and switch that service off."),
        ),
        F::NativeUnknown => ("WeChat's own customer service could not be asked", None),
        _ => return None,
    })
}

fn account(code: Finding) -> Option<Sentence> {
    use Finding as F;
    Some(match code {
        F::PrivilegesOk => ("The account may do everything its kind can", None),
        F::PrivilegesMissing => (
            "The account may not: {capabilities}",
            Some("Look at Interface Privilege at WeChat."),
        ),
        F::ReplyMissing => (
            "The account may not send replies (48001)",
            Some("Look at Interface Privilege at WeChat: customer messages."),
        ),
        F::AccountUnverified => (
            "WeChat has not verified this account: agents cannot reply (48001)",
            Some("Apply for verification at WeChat, or renew it."),
        ),
        F::PrivilegesUnknown => ("The account showed nothing about its privileges", None),
        F::PolicyOk => ("Replies are counted by the profile {policy}", None),
        F::PolicyDocumented => (
            "Replies are counted by the profile {policy}; WeChat itself allows 5 in 48 hours",
            None,
        ),
        F::QuotaOk => ("There are calls left today", None),
        F::QuotaLow => (
            "Less than a tenth of a day's calls is left",
            Some("Find what makes so many."),
        ),
        F::QuotaUsedUp => (
            "A day's calls are used up",
            Some("Wait for midnight in China, or clear the quota at WeChat (10 times a month)."),
        ),
        F::QuotaUnknown => ("WeChat told nothing about quotas", None),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_finding_has_a_sentence() {
        for code in Finding::ALL {
            assert_ne!(sentence(*code).0, code.as_str());
        }
    }

    #[test]
    fn figures_are_put_into_the_sentence() {
        let params = json!({"addresses": ["203.0.113.7"], "app_id": "wx1", "code": 40164});
        let (found, _) = words(Finding::TokenAddress, &params);
        assert_eq!(
            found,
            "WeChat sees this desk as 203.0.113.7, which is not on the allow-list of wx1 (40164)"
        );
    }
}
