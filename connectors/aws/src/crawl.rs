//! One unit of work: a type's pages, the details of each item, and the types that are listed under its items.

use std::{
    ops::Deref,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use carveout_crawl::{Failure, FailureClass, UnitContext};
use carveout_model::Observation;
use futures_util::{
    future::BoxFuture,
    stream::{self, StreamExt},
};
use serde_json::{Map, Value};

use crate::{
    api::{Api, Pager, Place},
    cloud_control::is_bare,
    decode::decode_text,
    lookup::Lookups,
    record::{Call, Prepare, Service, TypeRecord},
    resource::{Parts, build},
    template::Bindings,
};

/// Items whose details are asked at once; the bucket's own limit comes on top.
const ITEMS_AT_ONCE: usize = 16;
/// Parents whose children are listed at once.
const PARENTS_AT_ONCE: usize = 4;
/// Resources handed on at once, so that a page of thousands with its details is never whole in memory.
const RESOURCES_AT_ONCE: usize = 100;
/// How often a report is asked for until it is ready, and the pause between: a minute, where AWS takes seconds.
const PREPARE_ATTEMPTS: u32 = 30;
const PREPARE_PAUSE: Duration = Duration::from_secs(2);

/// A type of the unit, with its own account and the types below it.
pub(crate) struct Branch<'a> {
    record: &'a TypeRecord,
    service: &'a Service,
    books: Books<'a>,
    /// Listed only for what is below it.
    is_silent: bool,
    failure: Mutex<Option<Failure>>,
    /// Items that were listed, over all parents.
    listed: AtomicUsize,
    /// The type's cap left something out.
    is_capped: AtomicBool,
    children: Vec<Branch<'a>>,
}

enum Books<'a> {
    Unit(&'a UnitContext),
    Part(UnitContext),
}

impl Deref for Books<'_> {
    type Target = UnitContext;

    fn deref(&self) -> &UnitContext {
        match self {
            Self::Unit(context) => context,
            Self::Part(context) => context,
        }
    }
}

/// Crawls one unit.
pub(crate) struct Crawler<'a> {
    pub api: &'a Api,
    pub place: Place<'a>,
    /// The unit's region, in which its resources are filed: `global` where the type has none.
    pub filed_under: &'a str,
}

impl<'a> Crawler<'a> {
    /// The tree of types to crawl for a unit of `record`: the silent ancestors above it, the wanted types below it.
    pub(crate) fn plan(
        &self,
        record: &'a TypeRecord,
        context: &'a UnitContext,
        wants: &dyn Fn(&str) -> bool,
    ) -> Result<Branch<'a>, Failure> {
        let mut branch = self.below(record, Books::Unit(context), wants)?;
        let mut above = record.parent.as_deref();
        while let Some(parent) = above.and_then(|name| self.api.catalogue.find(name)) {
            let service = self.api.service(&parent.service)?;
            let silent = Branch::new(parent, service, Books::Unit(context), vec![branch]);
            branch = Branch { is_silent: true, ..silent };
            above = parent.parent.as_deref();
        }
        Ok(branch)
    }

    fn below(
        &self,
        record: &'a TypeRecord,
        books: Books<'a>,
        wants: &dyn Fn(&str) -> bool,
    ) -> Result<Branch<'a>, Failure> {
        let mut children = Vec::new();
        for child in self.api.catalogue.children(&record.name).filter(|child| wants(&child.name)) {
            let part = books.part(self.place.account, self.filed_under, &child.name);
            children.push(self.below(child, Books::Part(part), wants)?);
        }
        let service = self.api.service(&record.service)?;
        Ok(Branch::new(record, service, books, children))
    }

    /// Crawls the tree and closes the accounts of its parts.
    pub(crate) async fn run(&self, branch: Branch<'a>) -> Result<(), Failure> {
        self.list(&branch, None).await;
        branch.settle(None)
    }

    /// Lists a type under one parent, or without one. A failure is the branch's to keep: siblings go on.
    fn list<'b>(&'b self, branch: &'b Branch<'a>, parent: Option<&'b Value>) -> BoxFuture<'b, ()> {
        Box::pin(async move {
            match self.list_pages(branch, parent).await {
                Ok(()) => {}
                // The parent was deleted since it was listed.
                Err(failure) if parent.is_some() && failure.class == FailureClass::Absent => {}
                Err(failure) => branch.fail(failure),
            }
        })
    }

    async fn list_pages(&self, branch: &Branch<'a>, parent: Option<&Value>) -> Result<(), Failure> {
        let record = branch.record;
        if let Some(prepare) = &record.prepare {
            self.prepare(branch, prepare).await?;
        }
        if record.each.is_empty() {
            return self.list_one(branch, parent, None).await;
        }
        for each in &record.each {
            if each.region.as_deref().is_some_and(|only| only != self.place.region) {
                continue;
            }
            // What fails for one value says nothing of the others.
            if let Err(failure) = self.list_one(branch, parent, Some(&each.value)).await {
                branch.fail(failure);
            }
        }
        Ok(())
    }

    /// Has what is listed made ready, for as long as that takes within reason.
    async fn prepare(&self, branch: &Branch<'a>, prepare: &Prepare) -> Result<(), Failure> {
        for _ in 0..PREPARE_ATTEMPTS {
            let bindings = self.place.bindings();
            let call = self.api.call(&branch.books, &self.place, branch.service, &prepare.call, &bindings);
            if prepare.until.holds(&call.await?) {
                return Ok(());
            }
            tokio::time::sleep(PREPARE_PAUSE).await;
        }
        let operation = format!("{}:{}", branch.service.name, prepare.call.operation);
        Err(Failure::new(FailureClass::Transient, operation, "what it makes is not ready in time; try again later"))
    }

    async fn list_one(&self, branch: &Branch<'a>, parent: Option<&Value>, each: Option<&str>) -> Result<(), Failure> {
        let record = branch.record;
        let bindings = Bindings { parent, each, ..self.place.bindings() };
        let mut pager = Pager::new(&record.list);
        let mut lookups = None;
        while let Some(mut page) = pager.next(self.api, &branch.books, &self.place, branch.service, &bindings).await? {
            let mut items = take_items(record, &mut page, &bindings);
            drop(page);
            let is_full = branch.admit(&mut items, pager.has_more());
            let are_parents = record.is_recursive || !branch.children.is_empty();
            let parents = if are_parents { items.clone() } else { Vec::new() };
            if !branch.is_silent {
                if lookups.is_none() && !items.is_empty() {
                    let (api, books, service) = (self.api, &branch.books, branch.service);
                    lookups = Some(Lookups::ask(&record.lookup, api, books, &self.place, service, &bindings).await);
                }
                let none = Lookups::default();
                self.emit(branch, items, &bindings, lookups.as_ref().unwrap_or(&none)).await;
            }
            let below = branch.children.iter().chain(record.is_recursive.then_some(branch));
            let pairs = below.flat_map(|child| parents.iter().map(move |parent| (child, parent)));
            let lists = pairs.map(|(child, parent)| self.list(child, Some(parent)));
            stream::iter(lists.collect::<Vec<_>>()).for_each_concurrent(PARENTS_AT_ONCE, |list| list).await;
            if is_full {
                break;
            }
        }
        Ok(())
    }

    async fn emit(&self, branch: &Branch<'a>, items: Vec<Value>, around: &Bindings<'_>, lookups: &Lookups<'a>) {
        let completed = stream::iter(items.into_iter().map(|item| self.complete(branch, item, around, lookups)));
        let mut chunks = completed.buffered(ITEMS_AT_ONCE).chunks(RESOURCES_AT_ONCE);
        while let Some(chunk) = chunks.next().await {
            let mut resources = Vec::with_capacity(chunk.len());
            let mut observations = Vec::new();
            for built in chunk {
                match built {
                    Ok((resource, seen)) => {
                        resources.push(resource);
                        observations.extend(seen);
                    }
                    Err(failure) => branch.fail(failure),
                }
            }
            branch.books.emit(resources, observations).await;
        }
    }

    /// Asks an item's details and makes it a resource.
    async fn complete(
        &self,
        branch: &Branch<'a>,
        mut item: Value,
        around: &Bindings<'_>,
        lookups: &Lookups<'a>,
    ) -> Result<(carveout_model::Resource, Vec<Observation>), Failure> {
        let record = branch.record;
        let unread = lookups.complete(&mut item, &branch.books);
        let mut parts = Parts { item, details: Map::new(), unread };
        let named = record.item_region.as_ref().and_then(|member| parts.item.get(member)).and_then(Value::as_str);
        let mut region = named.map(str::to_owned);
        for call in &record.detail {
            if call.item_region.is_some() && region.is_some() {
                continue;
            }
            match is_asked(record, call, &parts.item) {
                Asked::Yes => {}
                Asked::IsNothing => {
                    parts.details.insert(call.operation.clone(), Value::Null);
                    continue;
                }
                Asked::IsKnown => continue,
            }
            let place = Place { region: region.as_deref().unwrap_or(self.place.region), ..self.place };
            let bindings = Bindings { item: Some(&parts.item), region: place.region, ..*around };
            match self.detail(branch, call, &place, &bindings).await {
                Ok(answer) => {
                    if let Some(path) = &call.item_region {
                        let found = bucket_region(path.first(&answer).and_then(Value::as_str));
                        if let (Some(member), Some(item)) = (&record.item_region, parts.item.as_object_mut()) {
                            item.insert(member.clone(), found.as_str().into());
                        }
                        region = Some(found);
                    }
                    parts.details.insert(call.operation.clone(), answer);
                }
                Err(failure) => {
                    branch.books.gap(&call.operation, &failure);
                    parts.unread.push(call.operation.clone());
                }
            }
        }
        build(record, self.filed_under, parts, around)
    }

    /// A detail's whole answer; null where there is none.
    async fn detail(
        &self,
        branch: &Branch<'a>,
        call: &Call,
        place: &Place<'_>,
        bindings: &Bindings<'_>,
    ) -> Result<Value, Failure> {
        match self.api.whole(&branch.books, place, branch.service, call, bindings).await {
            Ok(Some(mut answer)) => {
                for path in &call.json_fields {
                    decode_text(&mut answer, path);
                }
                Ok(answer)
            }
            Ok(None) => Ok(Value::Null),
            // Deleted since it was listed.
            Err(failure) if failure.class == FailureClass::Absent => Ok(Value::Null),
            Err(failure) => Err(failure),
        }
    }
}

impl<'a> Branch<'a> {
    fn new(record: &'a TypeRecord, service: &'a Service, books: Books<'a>, children: Vec<Branch<'a>>) -> Self {
        Self {
            record,
            service,
            books,
            is_silent: false,
            failure: Mutex::default(),
            listed: AtomicUsize::new(0),
            is_capped: AtomicBool::new(false),
            children,
        }
    }

    /// Leaves of a page's items what the type's cap still lets in. Tells whether nothing more is to be listed.
    fn admit(&self, items: &mut Vec<Value>, is_more_to_come: bool) -> bool {
        let before = self.listed.fetch_add(items.len(), Ordering::Relaxed);
        let Some(cap) = self.record.cap else { return false };
        let room = usize::try_from(cap).unwrap_or(usize::MAX).saturating_sub(before);
        let is_full = items.len() >= room;
        if items.len() > room || (is_full && is_more_to_come) {
            self.is_capped.store(true, Ordering::Relaxed);
        }
        items.truncate(room);
        is_full
    }

    /// What the cap left out, as the ledger says it.
    fn left_out(&self) -> Option<Failure> {
        let cap = self.record.cap.filter(|_| self.is_capped.load(Ordering::Relaxed))?;
        let policy = self.record.policy.as_deref().unwrap_or("a cap of the configuration");
        let message = format!("the cap of {cap} was reached and there are more ({policy}); `caps` raises it");
        let operation = format!("{}:{}", self.service.name, self.record.list.operation);
        Some(Failure::new(FailureClass::LeftOut, operation, message))
    }

    /// Keeps the first failure; the others are most likely the same one.
    fn fail(&self, failure: Failure) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
    }

    /// Closes the accounts of everything below. What was listed under a parent whose own listing failed is not whole
    /// either, and says so.
    fn settle(self, inherited: Option<&Failure>) -> Result<(), Failure> {
        let left_out = self.left_out();
        let own = self.failure.into_inner().unwrap_or_else(PoisonError::into_inner);
        let failure = own.or_else(|| inherited.cloned()).or(left_out);
        let mut of_unit = None;
        for child in self.children {
            let is_of_unit = matches!(child.books, Books::Unit(_));
            let settled = child.settle(failure.as_ref());
            if is_of_unit {
                of_unit = settled.err();
            }
        }
        let result = failure.or(of_unit).map_or(Ok(()), Err);
        if let Books::Part(context) = self.books {
            context.close(result.as_ref().copied());
        }
        result
    }
}

/// Whether a detail is asked of an item.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Yes,
    /// The item itself says that there is nothing.
    IsNothing,
    /// The item itself says it all.
    IsKnown,
}

fn is_asked(record: &TypeRecord, call: &Call, item: &Value) -> Asked {
    if call.when.as_ref().is_some_and(|condition| !condition.holds(item)) {
        return Asked::IsNothing;
    }
    let id = || record.id.text(&Bindings { item: Some(item), ..Bindings::default() }).unwrap_or_default();
    match &call.when_bare {
        Some(path) if !is_bare(path.first(item), &id()) => Asked::IsKnown,
        _ => Asked::Yes,
    }
}

/// The items of a page, text wrapped into a member, JSON text decoded, with what they carry of their surroundings.
pub(crate) fn take_items(record: &TypeRecord, page: &mut Value, around: &Bindings<'_>) -> Vec<Value> {
    let mut items = Vec::new();
    record.items.for_each_mut(page, &mut |found| items.push(found.take()));
    items.retain(|item| !item.is_null());
    if let Some(condition) = &record.is_ours {
        items.retain(|item| condition.holds(item));
    }
    for item in &mut items {
        if let Some(member) = &record.scalar {
            *item = Value::Object(Map::from_iter([(member.clone(), item.take())]));
        }
        for path in &record.list.json_fields {
            decode_text(item, path);
        }
        if let Value::Object(members) = item {
            for (name, template) in &record.carry {
                members.insert(name.clone(), template.value(around).unwrap_or(Value::Null));
            }
        }
    }
    items
}

/// S3's word for a region: nothing for us-east-1, `EU` for eu-west-1.
fn bucket_region(constraint: Option<&str>) -> String {
    match constraint {
        None | Some("") => "us-east-1".to_owned(),
        Some("EU") => "eu-west-1".to_owned(),
        Some(region) => region.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_without_a_constraint_is_in_us_east_1() {
        assert_eq!(bucket_region(None), "us-east-1");
        assert_eq!(bucket_region(Some("EU")), "eu-west-1");
        assert_eq!(bucket_region(Some("ap-south-1")), "ap-south-1");
    }
}
