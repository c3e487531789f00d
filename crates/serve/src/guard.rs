//! Who may ask: decided from the head of a request alone, before anything of it is used.

use std::net::IpAddr;

use hyper::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName, ORIGIN},
    http::{request::Parts, uri::Authority},
};

use crate::token::Token;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// The cookie of a browser that showed the token.
pub(crate) const COOKIE_NAME: &str = "carveout-session";

/// What a path asks of those who want it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The way in: no token.
    Anyone,
    /// The page itself: a link from elsewhere may lead to it.
    Page,
    /// Everything else: only what our own page asks for, and programs that are no browser.
    Within,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is meant for another server, or does not say for which: DNS rebinding looks like this.
    Host,
    /// A page of another origin sends it.
    Origin,
    /// A body that an HTML form could send.
    NotJson,
    /// No token, or a wrong one.
    Token,
}

/// The rules of one server.
#[derive(Debug)]
pub(crate) struct Guard {
    /// Whether others than this machine can connect.
    pub is_open: bool,
    /// Names under which the page may be reached, in lower case.
    pub names: Vec<String>,
    pub token: Option<Token>,
}

impl Guard {
    /// Lets a request in or says why not.
    pub(crate) fn admit(&self, head: &Parts, access: Access) -> Result<(), Refusal> {
        let host = self.host(head).ok_or(Refusal::Host)?;
        if !self.comes_from_us(head, host, access) {
            return Err(Refusal::Origin);
        }
        // A form of another site can send a POST without asking first, but never as JSON.
        if head.method == Method::POST && !is_json(&head.headers) {
            return Err(Refusal::NotJson);
        }
        match &self.token {
            Some(token) if access != Access::Anyone && !shows(token, &head.headers) => Err(Refusal::Token),
            _ => Ok(()),
        }
    }

    /// The `Host` that a request names, if it is one of ours.
    fn host<'r>(&self, head: &'r Parts) -> Option<&'r str> {
        // A target with a host of its own would win over the header, and only proxies send one.
        if head.uri.authority().is_some() {
            return None;
        }
        let host = only(&head.headers, &HOST).ok()??;
        self.is_ours(name_of(host)?.as_str()).then_some(host)
    }

    /// A name that somebody else gives an address of ours never passes; an address is no name.
    fn is_ours(&self, name: &str) -> bool {
        if name == "localhost" || self.is_named(name) {
            return true;
        }
        let address: Option<IpAddr> = name.trim_start_matches('[').trim_end_matches(']').parse().ok();
        address.is_some_and(|address| self.is_open || address.is_loopback())
    }

    fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|ours| ours == name)
    }

    /// Whether a browser says that our own page asks. Programs that are no browser say nothing.
    fn comes_from_us(&self, head: &Parts, host: &str, access: Access) -> bool {
        let (Ok(origin), Ok(site)) = (only(&head.headers, &ORIGIN), only(&head.headers, &FETCH_SITE)) else {
            return false;
        };
        let is_followed_link = access != Access::Within
            && matches!(head.method, Method::GET | Method::HEAD)
            && only(&head.headers, &FETCH_MODE).is_ok_and(|mode| mode == Some("navigate"));
        match site {
            None | Some("same-origin" | "none") => {}
            Some(_) if is_followed_link => {}
            Some(_) => return false,
        }
        origin.is_none_or(|origin| {
            let is = |scheme: &str| {
                origin.strip_prefix(scheme).is_some_and(|origin_host| origin_host.eq_ignore_ascii_case(host))
            };
            // A proxy that ends TLS is reached by a name that was given to us.
            is("http://") || (is("https://") && name_of(host).is_some_and(|name| self.is_named(&name)))
        })
    }
}

/// The name or address of a `Host`, in lower case and without its port and last dot.
fn name_of(host: &str) -> Option<String> {
    if host.contains('@') {
        return None;
    }
    let authority: Authority = host.parse().ok()?;
    let name = authority.host().to_ascii_lowercase();
    Some(name.strip_suffix('.').unwrap_or(&name).to_owned())
}

/// More than one header of a name, or one that is no text.
struct Ambiguous;

/// The only header of a name, where there is one.
fn only<'r>(headers: &'r HeaderMap, name: &HeaderName) -> Result<Option<&'r str>, Ambiguous> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(|value| value.to_str()).transpose().map_err(|_| Ambiguous)?;
    if values.next().is_some() { Err(Ambiguous) } else { Ok(value) }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = only(headers, &CONTENT_TYPE).ok().flatten().unwrap_or_default();
    content_type.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}

/// Whether a request carries the token, or the cookie that stands for it.
fn shows(token: &Token, headers: &HeaderMap) -> bool {
    let bearer = only(headers, &AUTHORIZATION).ok().flatten().and_then(|value| value.strip_prefix("Bearer "));
    if bearer.is_some_and(|given| token.is(given.trim())) {
        return true;
    }
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .any(|(name, value)| name == COOKIE_NAME && token.is_cookie(value))
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    fn guard(is_open: bool) -> Guard {
        Guard { is_open, names: vec!["scoping.acme.example".to_owned()], token: None }
    }

    fn head(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri("/api/estate");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    fn admit(guard: &Guard, headers: &[(&str, &str)]) -> Result<(), Refusal> {
        guard.admit(&head(headers), Access::Within)
    }

    #[test]
    fn only_our_addresses_and_names_are_hosts() {
        for host in
            ["127.0.0.1:8577", "localhost:8577", "LOCALHOST", "[::1]:8577", "127.9.9.9", "scoping.acme.example."]
        {
            assert_eq!(admit(&guard(false), &[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "rebound.example",
            "127.0.0.1.example:8577",
            "localhost.example",
            "10.1.2.3:8577",
            "a@127.0.0.1",
            "",
            "[::",
            "0.0.0.0:8577",
            "2130706433",
            "127.0.0.1:8577, rebound.example",
        ] {
            assert_eq!(admit(&guard(false), &[("host", host)]), Err(Refusal::Host), "{host}");
        }
        assert_eq!(admit(&guard(true), &[("host", "10.1.2.3:8577")]), Ok(()), "an address can't be rebound");
        assert_eq!(admit(&guard(true), &[("host", "rebound.example")]), Err(Refusal::Host));
    }

    #[test]
    fn a_request_without_one_host_is_refused() {
        assert_eq!(admit(&guard(false), &[]), Err(Refusal::Host));
        assert_eq!(admit(&guard(false), &[("host", "localhost"), ("host", "rebound.example")]), Err(Refusal::Host));
        let request = Request::builder().uri("http://rebound.example/").header("host", "localhost").body(());
        let head = request.expect("a request").into_parts().0;
        assert_eq!(guard(false).admit(&head, Access::Page), Err(Refusal::Host), "the target names another host");
    }

    #[test]
    fn only_our_own_origin_asks() {
        let from = |origin| admit(&guard(false), &[("host", "localhost:8577"), ("origin", origin)]);
        assert_eq!(from("http://localhost:8577"), Ok(()));
        for origin in ["http://localhost:9000", "http://evil.example", "https://localhost:8577", "null", "", "file://"]
        {
            assert_eq!(from(origin), Err(Refusal::Origin), "{origin}");
        }
        let behind_a_proxy = [("host", "scoping.acme.example"), ("origin", "https://scoping.acme.example")];
        assert_eq!(admit(&guard(true), &behind_a_proxy), Ok(()));
    }

    #[test]
    fn a_browser_that_crosses_sites_gets_the_page_and_nothing_else() {
        let crossing = [("host", "localhost"), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
        assert_eq!(guard(false).admit(&head(&crossing), Access::Page), Ok(()));
        assert_eq!(guard(false).admit(&head(&crossing), Access::Within), Err(Refusal::Origin));
        let embedded = [("host", "localhost"), ("sec-fetch-site", "same-site"), ("sec-fetch-mode", "no-cors")];
        assert_eq!(guard(false).admit(&head(&embedded), Access::Page), Err(Refusal::Origin));
        assert_eq!(admit(&guard(false), &[("host", "localhost"), ("sec-fetch-site", "same-origin")]), Ok(()));
    }

    #[test]
    fn a_form_can_not_post() {
        let mut posted = head(&[("host", "localhost"), ("content-type", "text/plain")]);
        posted.method = Method::POST;
        assert_eq!(guard(false).admit(&posted, Access::Within), Err(Refusal::NotJson));
        let mut posted = head(&[("host", "localhost"), ("content-type", "Application/JSON; charset=utf-8")]);
        posted.method = Method::POST;
        assert_eq!(guard(false).admit(&posted, Access::Within), Ok(()));
    }

    #[test]
    fn a_token_is_shown_as_a_header_or_a_cookie() {
        let token = Token::new("0123456789abcdefABCDEF").expect("a token");
        let cookie = format!("other=1; {COOKIE_NAME}={}", token.cookie());
        let guard = Guard { token: Some(token), ..guard(true) };
        let with = |name, value| admit(&guard, &[("host", "10.1.2.3"), (name, value)]);
        assert_eq!(with("authorization", "Bearer 0123456789abcdefABCDEF"), Ok(()));
        assert_eq!(with("cookie", cookie.as_str()), Ok(()));
        for (name, value) in [
            ("authorization", "Bearer 0123456789abcdefABCDEX"),
            ("authorization", "0123456789abcdefABCDEF"),
            ("cookie", "carveout-session=0123456789abcdefABCDEF"),
            ("accept", "*/*"),
        ] {
            assert_eq!(with(name, value), Err(Refusal::Token), "{name}: {value}");
        }
        assert_eq!(guard.admit(&head(&[("host", "10.1.2.3")]), Access::Anyone), Ok(()), "the way in");
    }
}
