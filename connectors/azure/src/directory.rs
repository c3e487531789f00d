//! Microsoft Graph: the objects of the directory.

use std::collections::HashMap;

use carveout_crawl::{Failure, Quota, UnitContext};
use serde_json::Value;

use crate::{
    catalogue::{DirectoryJoin, DirectoryListing, Record},
    failure, resource,
    service::Service,
};

/// Microsoft Graph of one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    service: Service,
    bucket: String,
}

/// Graph counts cost units, not requests, and publishes no rate that holds for every tenant: the bucket learns.
const QUOTA: Quota = Quota { requests_per_second: None, in_flight: 4 };

impl Directory {
    pub(crate) fn new(service: Service, bucket: String) -> Self {
        Self { service, bucket }
    }

    /// The bucket that its requests count against.
    pub(crate) fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Lists a type of the directory to its end.
    pub(crate) async fn crawl(
        &self,
        context: &UnitContext,
        record: &Record,
        listing: &DirectoryListing,
        tenant: &str,
    ) -> Result<(), Failure> {
        let joined = match &listing.join {
            Some(join) => Some((join, self.joined(context, join).await)),
            None => None,
        };
        if let Some((join, Err(failure))) = &joined {
            context.gap(&join.member, failure);
        }
        let mut pages = Pages::new(self, context, &listing.path)?;
        while let Some(objects) = pages.next().await? {
            let resources = objects.into_iter().filter_map(|mut object| {
                let unread = joined.as_ref().and_then(|(join, found)| attach(&mut object, join, found.as_ref().ok()));
                let mut resource = resource::from_directory(object, &record.name, tenant)?;
                resource.unread.extend(unread.map(ToOwned::to_owned));
                Some(resource)
            });
            let resources: Vec<_> = resources.collect();
            let observations = resources.iter().flat_map(resource::observe).collect();
            context.emit(resources, observations).await;
        }
        Ok(())
    }

    /// The elements of a second collection, by the id they belong to.
    async fn joined(
        &self,
        context: &UnitContext,
        join: &DirectoryJoin,
    ) -> Result<HashMap<String, Vec<Value>>, Failure> {
        let mut found: HashMap<String, Vec<Value>> = HashMap::new();
        let mut pages = Pages::new(self, context, &join.path)?;
        while let Some(elements) = pages.next().await? {
            for element in elements {
                if let Some(id) = element.get(&join.on).and_then(Value::as_str).map(ToOwned::to_owned) {
                    found.entry(id).or_default().push(element);
                }
            }
        }
        Ok(found)
    }
}

/// Adds an object's joined elements; the member's name when they could not be read.
fn attach<'a>(
    object: &mut Value,
    join: &'a DirectoryJoin,
    found: Option<&HashMap<String, Vec<Value>>>,
) -> Option<&'a str> {
    let Some(found) = found else { return Some(&join.member) };
    let elements = object.get("id").and_then(Value::as_str).and_then(|id| found.get(id)).cloned().unwrap_or_default();
    if let Value::Object(members) = object {
        members.insert(join.member.clone(), Value::Array(elements));
    }
    None
}

/// The pages of one collection.
struct Pages<'a> {
    directory: &'a Directory,
    context: &'a UnitContext,
    next: Option<url::Url>,
}

impl<'a> Pages<'a> {
    fn new(directory: &'a Directory, context: &'a UnitContext, path: &str) -> Result<Self, Failure> {
        Ok(Self { directory, context, next: Some(directory.service.url(path)?) })
    }

    async fn next(&mut self) -> Result<Option<Vec<Value>>, Failure> {
        let Some(url) = self.next.take() else { return Ok(None) };
        let service = &self.directory.service;
        let mut body = service.get(self.context, &self.directory.bucket, QUOTA, &url).await?;
        let operation = format!("GET {}", url.path());
        let Some(Value::Array(objects)) = body.get_mut("value").map(Value::take) else {
            return Err(failure::unreadable(&operation, "`value` is no list"));
        };
        let link = body.get("@odata.nextLink").and_then(Value::as_str);
        self.next = link.map(|link| service.link(link, &operation)).transpose()?;
        Ok(Some(objects))
    }
}
