//! What may be repeated and what may not: one line for each of WeChat's codes that the desk meets.

use std::time::Duration;

use wechat::{Class, Error, Retry};

fn api(code: i64) -> Error {
    Error::Api {
        code,
        message: "message".to_owned(),
        rid: None,
    }
}

/// Every number of the published lists, by what can be done about it.
const CLASSES: &[(Class, &[i64])] = &[
    (Class::Token, &[40001, 40014, 42001]),
    (
        Class::Busy,
        &[
            -1,
            46007,
            61450,
            9_001_002,
            9_500_001,
            9_500_002,
            268_487_001,
            268_487_002,
            268_488_001,
        ],
    ),
    (Class::Throttled, &[45011, 45066]),
    (Class::QuotaUsedUp, &[45009, 45028, 45040, 48006]),
    (
        Class::Recipient,
        &[
            40003, 43004, 43019, 43101, 45015, 45047, 46004, 48002, 49003, 50005, 70000,
        ],
    ),
    (
        Class::Message,
        &[
            40004, 40005, 40006, 40008, 40009, 40010, 40011, 40012, 40033, 40035, 40037, 40039, 40130, 41005,
            41006, 44001, 44002, 44003, 44004, 44005, 45001, 45002, 45003, 45004, 45005, 45006, 45007, 45008,
            45086, 45098, 45099, 47001, 47002, 47003, 1, 99999,
        ],
    ),
    (Class::MediaGone, &[40007]),
    (Class::AlreadySent, &[45065]),
    (
        Class::Account,
        &[
            40013, 40125, 40164, 40200, 40243, 43016, 45087, 45094, 45102, 45103, 48001, 48003, 48004, 48008,
            50001, 50002, 50004, 61004, 65400, 89501, 89502, 89503, 89504, 89505, 89506, 89507,
        ],
    ),
    (
        Class::Programming,
        &[40002, 40038, 41001, 41002, 41003, 41004, 43001, 43002, 43003],
    ),
];

fn retry_of(class: Class) -> Retry {
    match class {
        Class::Token => Retry::RefreshToken,
        Class::Busy => Retry::Later,
        Class::Throttled => Retry::After(Duration::from_secs(60)),
        Class::MediaGone => Retry::UploadAgain,
        _ => Retry::Never,
    }
}

#[test]
fn every_refusal_has_its_class() {
    for (class, codes) in CLASSES {
        for code in *codes {
            assert_eq!(api(*code).class(), Some(*class), "{code}");
            assert_eq!(api(*code).retry(), retry_of(*class), "{code}");
        }
    }
    assert_eq!(Error::Timeout.class(), None);
}

#[test]
fn the_address_wechat_does_not_know_is_named() {
    let refused = Error::Api {
        code: 40164,
        message: "invalid ip 118.190.42.90 ipv6 ::ffff:118.190.42.90, not in whitelist".to_owned(),
        rid: None,
    };
    assert_eq!(
        Error::Token(Box::new(refused)).refused_ip(),
        Some("118.190.42.90")
    );
    assert_eq!(api(40164).refused_ip(), None);
}

#[test]
fn every_refused_address_is_named_once_whatever_the_text_around_it() {
    let named = |code: i64, message: &str| {
        let error = Error::Api {
            code,
            message: message.to_owned(),
            rid: None,
        };
        let addresses = Error::Token(Box::new(error)).refused_addresses();
        addresses.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let v4 = "invalid ip 118.190.42.90 ipv6 ::ffff:118.190.42.90, not in whitelist";
    assert_eq!(named(40164, v4), ["118.190.42.90"]);
    let v6 = "invalid ip 2408:4001::7 ipv6 2408:4001::7, not in whitelist hint: [abc.def]";
    assert_eq!(named(40164, v6), ["2408:4001::7"]);
    assert_eq!(
        named(61004, "access clientip is not registered: 203.0.113.7."),
        ["203.0.113.7"]
    );
    assert_eq!(named(40164, "no address, dead:beef, 1.2.3"), [""; 0]);
    assert_eq!(named(40013, v4), [""; 0]);
    let many = (1..=9).map(|n| format!("10.0.0.{n} ")).collect::<String>();
    assert_eq!(
        named(40164, &many).len(),
        4,
        "a hostile text cannot name any number"
    );
}

#[test]
fn what_happened_after_writing_is_unknown() {
    let unknown = [Error::Timeout, Error::Interrupted, Error::Decode];
    let statuses = [500, 502, 503, 504, 408].map(|status| Error::Status { status });
    for error in unknown.into_iter().chain(statuses) {
        assert_eq!(error.retry(), Retry::Unknown, "{error}");
    }
    assert_eq!(Error::Connect.retry(), Retry::Later);
}

#[test]
fn a_status_that_refuses_is_final_but_for_too_many_requests() {
    for status in [301, 400, 403, 404, 413] {
        assert_eq!(Error::Status { status }.retry(), Retry::Never);
    }
    assert_eq!(
        Error::Status { status: 429 }.retry(),
        Retry::After(Duration::from_secs(60))
    );
}

#[test]
fn a_failed_token_call_never_makes_the_call_unknown() {
    let cases = [
        (Error::Timeout, Retry::Later),
        (Error::Interrupted, Retry::Later),
        (Error::Status { status: 502 }, Retry::Later),
        (Error::Connect, Retry::Later),
        (api(-1), Retry::Later),
        (api(45011), Retry::After(Duration::from_secs(60))),
        (api(40001), Retry::Never),
        (api(40125), Retry::Never),
        (api(40164), Retry::Never),
    ];
    for (source, retry) in cases {
        assert_eq!(Error::Token(Box::new(source.clone())).retry(), retry, "{source}");
    }
}

#[test]
fn wrapped_errors_still_tell_what_wechat_said() {
    let refused = Error::Api {
        code: 40164,
        message: "invalid ip".to_owned(),
        rid: Some("r-1".to_owned()),
    };
    let error = Error::Token(Box::new(refused));
    assert_eq!(
        (error.code(), error.api_code(), error.rid()),
        ("wechat_token", Some(40164), Some("r-1"))
    );
    insta::assert_snapshot!(error, @"no access token: wechat answered `40164`: invalid ip");
}
