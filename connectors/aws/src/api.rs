//! One call: built from its record, paced, signed, sent, repeated where that helps, decoded.

use std::collections::HashSet;

use carveout_crawl::{Failure, FailureClass, Quota, UnitContext};
use serde_json::Value;

use crate::{
    catalogue::Catalogue,
    credentials::Session,
    decode::decode_table,
    record::{Call, Service},
    shapes::Shapes,
    template::Bindings,
    transport::Transport,
    wire,
};

/// Requests per second to start with where a service's file says nothing; most control planes allow 10 to 20 to all
/// callers of an account together, and production is one of them.
const START_RATE: f64 = 5.0;
const IN_FLIGHT: usize = 4;
/// An endpoint of our own has no published limit.
const IN_FLIGHT_OVERRIDDEN: usize = 32;

/// The catalogue, the shapes and the client.
#[derive(Debug)]
pub(crate) struct Api {
    pub catalogue: Catalogue,
    pub shapes: Shapes,
    pub transport: Transport,
}

/// Who asks, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub session: &'a Session,
    pub account: &'a str,
    pub region: &'a str,
    pub partition: &'a str,
}

impl<'a> Place<'a> {
    /// Bindings of the place alone.
    pub(crate) fn bindings(&self) -> Bindings<'a> {
        Bindings { account: self.account, region: self.region, partition: self.partition, ..Bindings::default() }
    }
}

impl Api {
    /// A service that a record or this connector's own code names.
    pub(crate) fn service(&self, name: &str) -> Result<&Service, Failure> {
        let missing = || Failure::new(FailureClass::Fatal, name, "the catalogue has no such service");
        self.catalogue.service(name).ok_or_else(missing)
    }

    /// The quota bucket that a request counts against.
    pub(crate) fn bucket(&self, service: &Service, account: &str, region: &str) -> String {
        let region = if service.region.is_some() { "global" } else { region };
        format!("aws/{account}/{region}/{}", service.name)
    }

    pub(crate) fn quota(&self, service: &Service) -> Quota {
        if self.transport.is_overridden(&service.name) {
            return Quota { requests_per_second: None, in_flight: IN_FLIGHT_OVERRIDDEN };
        }
        Quota { requests_per_second: Some(service.requests_per_second.unwrap_or(START_RATE)), in_flight: IN_FLIGHT }
    }

    /// Calls an operation and decodes its answer.
    pub(crate) async fn call(
        &self,
        context: &UnitContext,
        place: &Place<'_>,
        service: &Service,
        call: &Call,
        bindings: &Bindings<'_>,
    ) -> Result<Value, Failure> {
        let operation = format!("{}:{}", service.name, call.operation);
        let unreadable = |message: String| Failure::new(FailureClass::Fatal, operation.as_str(), message);
        let request = wire::build(service, call, bindings).map_err(|error| unreadable(error.to_string()))?;
        let shapes =
            self.shapes.service(&service.name).ok_or_else(|| unreadable("the service has no shapes".into()))?;
        let shape = shapes.operation(&call.operation).ok_or_else(|| unreadable("it has no shape".into()))?;
        // Before the turn: a renewed session asks STS, which must not wait for a place that its caller holds.
        place.session.credentials(false).await?;
        let bucket = self.bucket(service, place.account, place.region);
        let answer = context.call(&bucket, self.quota(service), |attempt| {
            let (operation, request) = (&operation, &request);
            async move {
                let credentials = place.session.credentials(attempt.renew_credentials).await?;
                let at = (place.account, place.region);
                let sent = self.transport.send(service, at, operation, request, &credentials).await;
                let answer = sent?;
                wire::decode(shapes, service.protocol, shape, &answer.body, &answer.headers)
                    // A cut-off answer is worth asking for again; one that is wrong to the end is given up in time.
                    .map_err(|error| Failure::new(FailureClass::Transient, operation.as_str(), error.to_string()))
            }
        });
        answer.await
    }

    /// Calls an operation to its last page and joins the pages: lists are put together, the rest is the last page's.
    /// None where an error says that there is nothing.
    pub(crate) async fn whole(
        &self,
        context: &UnitContext,
        place: &Place<'_>,
        service: &Service,
        call: &Call,
        bindings: &Bindings<'_>,
    ) -> Result<Option<Value>, Failure> {
        let mut pager = Pager::new(call);
        let mut joined: Option<Value> = None;
        while let Some(page) = pager.next(self, context, place, service, bindings).await? {
            joined = Some(match joined {
                None => page,
                Some(before) => join(before, page),
            });
        }
        Ok(joined)
    }
}

/// Walks the pages of an operation.
#[derive(Debug)]
pub(crate) struct Pager<'a> {
    call: &'a Call,
    tokens: Vec<Option<Value>>,
    seen: HashSet<String>,
    state: State,
}

#[derive(Debug)]
enum State {
    More,
    Broken(&'static str),
    Done,
}

impl<'a> Pager<'a> {
    pub(crate) fn new(call: &'a Call) -> Self {
        Self { call, tokens: Vec::new(), seen: HashSet::new(), state: State::More }
    }

    /// The next page. None after the last one, or where an error says that there is nothing.
    pub(crate) async fn next(
        &mut self,
        api: &Api,
        context: &UnitContext,
        place: &Place<'_>,
        service: &Service,
        bindings: &Bindings<'_>,
    ) -> Result<Option<Value>, Failure> {
        match self.state {
            State::Done => return Ok(None),
            State::Broken(message) => {
                let operation = format!("{}:{}", service.name, self.call.operation);
                return Err(Failure::new(FailureClass::Fatal, operation, message));
            }
            State::More => {}
        }
        let size = self.call.page.as_ref().and_then(|page| page.max);
        let bindings = Bindings { size, page: &self.tokens, ..*bindings };
        let mut answer = match api.call(context, place, service, self.call, &bindings).await {
            Ok(answer) => answer,
            Err(failure) if self.call.means_absent(failure.code.as_deref().unwrap_or_default(), &failure.message) => {
                self.state = State::Done;
                return Ok(None);
            }
            Err(failure) => return Err(failure),
        };
        if let Some(path) = &self.call.csv {
            decode_table(&mut answer, path).map_err(|error| {
                let operation = format!("{}:{}", service.name, self.call.operation);
                Failure::new(FailureClass::Fatal, operation, error.to_string())
            })?;
        }
        self.turn(&answer);
        Ok(Some(answer))
    }

    /// Whether there is another page.
    pub(crate) fn has_more(&self) -> bool {
        !matches!(self.state, State::Done)
    }

    /// Reads the tokens of the page after this one.
    fn turn(&mut self, answer: &Value) {
        let Some(paging) = &self.call.page else {
            self.state = State::Done;
            return;
        };
        let more = paging.more.as_ref().and_then(|path| path.first(answer)).and_then(Value::as_bool);
        let token = |path: &carveout_model::JsonPath| {
            // Firehose's token is the last name of the list.
            let places = path.select(answer);
            places.last().map(|(_, value)| (*value).clone()).filter(|value| !value.is_null() && value != "")
        };
        self.tokens = paging.out.paths().iter().map(token).collect();
        let is_empty = self.tokens.iter().all(Option::is_none);
        self.state = match more {
            Some(false) => State::Done,
            Some(true) if is_empty => State::Broken("the answer says that there is more and has no token for it"),
            _ if is_empty => State::Done,
            _ if self.seen.insert(format!("{:?}", self.tokens)) => State::More,
            _ => State::Broken("a page token came for the second time"),
        };
    }
}

fn join(before: Value, mut page: Value) -> Value {
    if let (Value::Object(before), Value::Object(page)) = (before, &mut page) {
        for (name, old) in before {
            if let (Value::Array(mut all), Some(Value::Array(new))) = (old, page.get_mut(&name)) {
                all.append(new);
                *new = all;
            }
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::record::{Paging, Tokens};

    fn call(out: &str, more: Option<&str>) -> Call {
        let path = |text: &str| text.parse().expect("a path");
        let paging = Paging { out: Tokens::One(path(out)), more: more.map(path), max: Some(2) };
        Call { operation: "ListThings".to_owned(), page: Some(paging), ..Call::default() }
    }

    #[test]
    fn a_token_that_comes_again_ends_the_walk_with_an_error() {
        let call = call("Next", None);
        let mut pager = Pager::new(&call);
        for token in ["a", "b"] {
            pager.turn(&json!({"Next": token}));
            assert!(matches!(pager.state, State::More));
        }
        pager.turn(&json!({"Next": "a"}));
        assert!(matches!(pager.state, State::Broken(_)));
    }

    #[test]
    fn more_without_a_token_is_an_error_and_a_token_without_more_is_not_followed() {
        let call = call("Marker", Some("IsTruncated"));
        let mut pager = Pager::new(&call);
        pager.turn(&json!({"IsTruncated": false, "Marker": "x"}));
        assert!(matches!(pager.state, State::Done));
        pager.turn(&json!({"IsTruncated": true}));
        assert!(matches!(pager.state, State::Broken(_)));
    }

    #[test]
    fn the_last_name_of_a_list_can_be_the_token() {
        let call = call("Names[]", Some("HasMore"));
        let mut pager = Pager::new(&call);
        pager.turn(&json!({"HasMore": true, "Names": ["a", "b"]}));
        assert_eq!(pager.tokens, [Some(json!("b"))]);
    }

    #[test]
    fn pages_are_joined_by_their_lists() {
        let joined = join(json!({"Grants": [1, 2], "Next": "x"}), json!({"Grants": [3], "Truncated": false}));
        assert_eq!(joined, json!({"Grants": [1, 2, 3], "Truncated": false}));
    }
}
