//! Calls that tell of all items at once what would else be asked of each: one request for a thousand roles, not two
//! thousand.

use std::collections::HashMap;

use carveout_crawl::{Failure, UnitContext};
use serde_json::{Map, Value};

use crate::{
    api::{Api, Pager, Place},
    decode::decode_text,
    record::{Lookup, Service},
    template::Bindings,
};

/// What the lookups of a type found, or why they did not.
#[derive(Debug, Default)]
pub(crate) struct Lookups<'a>(Vec<(&'a Lookup, Result<Index, Failure>)>);

/// What is taken over, by the member that is the same in both.
pub(crate) type Index = HashMap<String, Map<String, Value>>;

impl<'a> Lookups<'a> {
    /// Asks all of them.
    pub(crate) async fn ask(
        lookups: &'a [Lookup],
        api: &Api,
        context: &UnitContext,
        place: &Place<'_>,
        service: &Service,
        bindings: &Bindings<'_>,
    ) -> Self {
        let mut found = Vec::with_capacity(lookups.len());
        for lookup in lookups {
            found.push((lookup, index(lookup, api, context, place, service, bindings).await));
        }
        Self(found)
    }

    /// Adds to an item what was found of it, and tells which members are not known.
    pub(crate) fn complete(&self, item: &mut Value, context: &UnitContext) -> Vec<String> {
        let mut unread = Vec::new();
        let Value::Object(item) = item else { return unread };
        for (lookup, index) in &self.0 {
            let found = match index {
                Ok(index) => item.get(&lookup.on).and_then(Value::as_str).and_then(|key| index.get(key)),
                Err(failure) => {
                    context.gap(&lookup.call.operation, failure);
                    None
                }
            };
            take_over(lookup, found, item, &mut unread);
        }
        unread
    }
}

/// Takes over what was found of an item. What was not found is unread: the item was made between the two calls, or the
/// lookup failed, and nobody knows.
pub(crate) fn take_over(
    lookup: &Lookup,
    found: Option<&Map<String, Value>>,
    item: &mut Map<String, Value>,
    unread: &mut Vec<String>,
) {
    for name in &lookup.members {
        match found.map(|found| found.get(name)) {
            Some(Some(value)) => {
                item.insert(name.clone(), value.clone());
            }
            Some(None) => {
                item.entry(name.clone()).or_insert(Value::Null);
            }
            None if item.contains_key(name) => {}
            None => unread.push(name.clone()),
        }
    }
}

async fn index(
    lookup: &Lookup,
    api: &Api,
    context: &UnitContext,
    place: &Place<'_>,
    service: &Service,
    bindings: &Bindings<'_>,
) -> Result<Index, Failure> {
    let mut index = Index::new();
    let mut pager = Pager::new(&lookup.call);
    while let Some(mut page) = pager.next(api, context, place, service, bindings).await? {
        take(lookup, &mut page, &mut index);
    }
    Ok(index)
}

/// Adds the items of a page to the index.
pub(crate) fn take(lookup: &Lookup, page: &mut Value, index: &mut Index) {
    lookup.items.for_each_mut(page, &mut |found| {
        let mut item = found.take();
        for path in &lookup.call.json_fields {
            decode_text(&mut item, path);
        }
        let Value::Object(mut item) = item else { return };
        let Some(key) = item.get(&lookup.on).and_then(Value::as_str).map(str::to_owned) else { return };
        item.retain(|name, _| lookup.members.contains(name));
        index.insert(key, item);
    });
}
