//! How an endpoint is called, and which accounts have it. Each file of endpoints lists its own; `mod.rs` lists the files.
use axum::http::Method;
use futures_util::future::BoxFuture;

use super::call::{Call, Outcome};
use crate::state::account::{Account, AccountKind};

/// Which accounts may make a call. The sandbox account counts as a verified service account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Every account.
    Nothing,
    /// Verified accounts of either kind.
    Verified,
    /// Service accounts, and verified subscription accounts.
    ServiceOrVerified,
    /// Verified service accounts.
    VerifiedService,
    /// Verified accounts, but no sandbox.
    VerifiedNoSandbox,
    /// Verified service accounts, but no sandbox.
    VerifiedServiceNoSandbox,
}

impl Needs {
    pub(super) fn are_met(self, account: &Account) -> bool {
        let kind = account.spec.account_kind;
        let is_verified = account.is_verified();
        let is_service = kind != AccountKind::Subscription;
        let is_sandbox = kind == AccountKind::Test;
        match self {
            Self::Nothing => true,
            Self::Verified => is_verified,
            Self::ServiceOrVerified => is_verified || is_service,
            Self::VerifiedService => is_verified && is_service,
            Self::VerifiedNoSandbox => is_verified && !is_sandbox,
            Self::VerifiedServiceNoSandbox => is_verified && is_service && !is_sandbox,
        }
    }
}

/// What a call runs.
#[derive(Clone, Copy)]
pub(super) enum Run {
    Now(fn(&Call) -> Outcome),
    /// Reads or writes files, or talks to the callback.
    Later(for<'a> fn(&'a Call) -> BoxFuture<'a, Outcome>),
}

/// One of the platform's own paths.
pub(super) struct Endpoint {
    pub(super) path: &'static str,
    pub(super) method: Method,
    pub(super) needs_token: bool,
    pub(super) needs: Needs,
    pub(super) run: Run,
}

impl Endpoint {
    pub(super) const fn get(path: &'static str, needs: Needs, run: fn(&Call) -> Outcome) -> Self {
        Self {
            path,
            method: Method::GET,
            needs_token: true,
            needs,
            run: Run::Now(run),
        }
    }

    pub(super) const fn post(path: &'static str, needs: Needs, run: fn(&Call) -> Outcome) -> Self {
        Self {
            path,
            method: Method::POST,
            needs_token: true,
            needs,
            run: Run::Now(run),
        }
    }

    /// Called without an access token.
    pub(super) const fn open(method: Method, path: &'static str, run: fn(&Call) -> Outcome) -> Self {
        Self {
            path,
            method,
            needs_token: false,
            needs: Needs::Nothing,
            run: Run::Now(run),
        }
    }

    /// A call of every account that takes its time.
    pub(super) const fn later(
        method: Method,
        path: &'static str,
        run: for<'a> fn(&'a Call) -> BoxFuture<'a, Outcome>,
    ) -> Self {
        Self {
            path,
            method,
            needs_token: true,
            needs: Needs::Nothing,
            run: Run::Later(run),
        }
    }
}
