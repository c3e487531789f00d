//! Every record against answers as AWS gives them (`tests/fixtures`, made by `generate.py` from the service models): the
//! resource is whole, and every column comes out of it.

use carveout_model::{ColumnType, Resource, TypedColumn};
use include_dir::{Dir, include_dir};
use serde_json::{Map, Value};

use crate::{
    catalogue::Catalogue,
    crawl::take_items,
    decode::{decode_table, decode_text},
    lookup::{self, Index},
    record::{Call, TypeRecord},
    resource::{Parts, build, timestamp},
    shapes::Shapes,
    template::Bindings,
    wire,
};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/tests/fixtures");

struct Ground {
    catalogue: Catalogue,
    shapes: Shapes,
}

impl Ground {
    fn open() -> Self {
        Self {
            catalogue: Catalogue::embedded().unwrap_or_else(|error| panic!("{error}")),
            shapes: Shapes::embedded().unwrap_or_else(|error| panic!("{error}")),
        }
    }

    /// The answer to one call of a record.
    fn answer(&self, record: &TypeRecord, call: &Call) -> Result<Value, String> {
        let file = FILES.get_file(format!("{}.json", record.service)).ok_or("the service has no fixtures")?;
        let file: Value = serde_json::from_slice(file.contents()).map_err(|error| error.to_string())?;
        let body = file["answers"][&record.name][&call.operation].as_str();
        let body = body.ok_or_else(|| format!("{} has no fixture", call.operation))?;
        let service = self.catalogue.service(&record.service).ok_or("there is no such service")?;
        let shapes = self.shapes.service(&record.service).ok_or("the service has no shapes")?;
        let shape = shapes.operation(&call.operation).ok_or("the operation has no shape")?;
        let mut answer = wire::decode(shapes, service.protocol, shape, body.as_bytes(), &http::HeaderMap::new())
            .map_err(|error| error.to_string())?;
        if let Some(path) = &call.csv {
            decode_table(&mut answer, path).map_err(|error| error.to_string())?;
        }
        Ok(answer)
    }

    /// The one item of a record's listing, with what lookups say of it.
    fn item(&self, record: &TypeRecord, parent: Option<&Value>) -> Result<Value, String> {
        let around = around(record, parent);
        let mut page = self.answer(record, &record.list)?;
        let mut items = take_items(record, &mut page, &around);
        let mut item = items.pop().ok_or_else(|| format!("{} lists no item", record.list.operation))?;
        for each in &record.lookup {
            let mut index = Index::new();
            let mut page = self.answer(record, &each.call)?;
            lookup::take(each, &mut page, &mut index);
            let mut unread = Vec::new();
            if let Value::Object(item) = &mut item {
                let found = item.get(&each.on).and_then(Value::as_str).and_then(|key| index.get(key));
                lookup::take_over(each, found, item, &mut unread);
            }
            if !unread.is_empty() {
                return Err(format!("{} does not know the item by {}", each.call.operation, each.on));
            }
        }
        Ok(item)
    }

    fn parent(&self, record: &TypeRecord) -> Result<Option<Value>, String> {
        let Some(name) = &record.parent else { return Ok(None) };
        let parent = self.catalogue.find(name).ok_or("there is no such parent")?;
        let above = self.parent(parent)?;
        self.item(parent, above.as_ref()).map(Some)
    }

    fn resource(&self, record: &TypeRecord) -> Result<Resource, String> {
        let parent = self.parent(record)?;
        let item = self.item(record, parent.as_ref())?;
        let mut details = Map::new();
        for call in &record.detail {
            if call.when.as_ref().is_some_and(|condition| !condition.holds(&item)) {
                return Err(format!("{} is not asked of the fixture", call.operation));
            }
            let mut answer = self.answer(record, call)?;
            for path in &call.json_fields {
                decode_text(&mut answer, path);
            }
            details.insert(call.operation.clone(), answer);
        }
        let parts = Parts { item, details, unread: Vec::new() };
        let around = around(record, parent.as_ref());
        build(record, "us-east-1", parts, &around).map(|(resource, _)| resource).map_err(|failure| failure.to_string())
    }

    /// Makes the record's resource and looks for everything that the record promises.
    fn prove(&self, record: &TypeRecord) -> Result<(), String> {
        let resource = self.resource(record)?;
        if !resource.resource_key.starts_with("arn:") {
            return Err(format!("the key {} is no ARN", resource.resource_key));
        }
        if record.created.is_some() && resource.created_at.is_none() {
            return Err("`created` gives no time".to_owned());
        }
        if record.tags.is_some() && resource.tags.is_empty() {
            return Err("`tags` gives none".to_owned());
        }
        for column in &record.columns {
            let value = column.path.first(&resource.config).filter(|value| !value.is_null());
            let value = value.ok_or_else(|| format!("column {} has no value at {}", column.name, column.path))?;
            if !fits(column, value) {
                return Err(format!("column {} is no {:?}: {value}", column.name, column.column_type));
            }
        }
        Ok(())
    }
}

fn around<'a>(record: &'a TypeRecord, parent: Option<&'a Value>) -> Bindings<'a> {
    let each = record.each.first().map(|each| each.value.as_str());
    Bindings { account: "111122223333", region: "us-east-1", partition: "aws", parent, each, ..Bindings::default() }
}

fn fits(column: &TypedColumn, value: &Value) -> bool {
    let text = value.as_str();
    match column.column_type {
        ColumnType::Text => text.is_some() || value.is_number() || value.is_boolean(),
        ColumnType::Integer => value.is_i64() || text.is_some_and(|text| text.parse::<i64>().is_ok()),
        ColumnType::Float => value.is_number() || text.is_some_and(|text| text.parse::<f64>().is_ok()),
        ColumnType::Boolean => value.is_boolean() || text.is_some_and(|text| matches!(text, "true" | "false")),
        ColumnType::Timestamp => timestamp(value).is_some(),
        ColumnType::Json => true,
    }
}

#[test]
fn every_record_gives_a_resource_with_all_of_its_columns() {
    let ground = Ground::open();
    let proofs = ground.catalogue.types().iter().map(|record| (record, ground.prove(record)));
    let wrong: Vec<_> =
        proofs.filter_map(|(record, proof)| Some(format!("{}: {}", record.name, proof.err()?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_record_whose_fixture_does_not_give_its_columns_is_refused() {
    let ground = Ground::open();
    let record = ground.catalogue.find("AWS::KMS::Key").expect("the type is in the catalogue");
    let mut wrong = record.clone();
    wrong.columns[0].path = "DescribeKey.KeyMetadata.KeyManagr".parse().expect("a path");
    assert!(ground.prove(&wrong).is_err_and(|reason| reason.contains("has no value")));
    let mut wrong = record.clone();
    wrong.columns[0].column_type = ColumnType::Integer;
    assert!(ground.prove(&wrong).is_err_and(|reason| reason.contains("is no Integer")));
}
