//! What may be repeated and what may not: one line for each of WeChat's codes that the desk meets.

use std::time::Duration;

use wechat::{Error, Retry};

fn api(code: i64) -> Error {
    Error::Api {
        code,
        message: "message".to_owned(),
        rid: None,
    }
}

#[test]
fn every_refusal_has_its_class() {
    let minute = Retry::After(Duration::from_secs(60));
    let classes: [(Retry, &[i64]); 5] = [
        (Retry::RefreshToken, &[40001, 40014, 42001]),
        (
            Retry::Later,
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
        (minute, &[45011, 45066]),
        (Retry::UploadAgain, &[40007]),
        (
            Retry::Never,
            &[
                45015, 45047, 48001, 48004, 43004, 50005, 40003, 43019, 48002, 45002, 45009, 40013, 40125, 1,
            ],
        ),
    ];
    for (retry, codes) in classes {
        for code in codes {
            assert_eq!(api(*code).retry(), retry, "{code}");
        }
    }
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
