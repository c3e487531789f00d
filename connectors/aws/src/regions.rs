//! Which regions an account has switched on.

use carveout_crawl::{Failure, UnitContext};
use serde_json::Value;

use crate::{
    api::{Api, Place},
    record::Call,
    template::{Argument, Bindings},
};

/// The regions that are on by default or were opted into.
pub(crate) async fn enabled(api: &Api, context: &UnitContext, place: &Place<'_>) -> Result<Vec<String>, Failure> {
    let mut call = Call { operation: "DescribeRegions".to_owned(), ..Call::default() };
    call.args.insert("AllRegions".to_owned(), Argument::Flag(false));
    let answer = api.call(context, place, api.service("ec2")?, &call, &Bindings::default()).await?;
    let regions = answer.get("Regions").and_then(Value::as_array).into_iter().flatten();
    let enabled = regions.filter(|region| region.get("OptInStatus").is_none_or(|status| status != "not-opted-in"));
    let mut names: Vec<_> =
        enabled.filter_map(|region| region.get("RegionName")?.as_str()).map(str::to_owned).collect();
    names.sort();
    Ok(names)
}
