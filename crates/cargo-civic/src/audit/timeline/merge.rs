//! Puts together what belongs together, and in order.

use std::collections::{HashMap, VecDeque};

use super::{Item, What};

/// What belongs to one request, in order.
pub(super) struct Group {
    pub(super) trace: Option<String>,
    pub(super) requests: Vec<String>,
    pub(super) items: Vec<Item>,
}

impl Group {
    /// How many of the items are entries of a trail.
    pub(super) fn entries(&self) -> usize {
        let is_entry = |item: &&Item| matches!(item.what, What::Entry(_));
        self.items.iter().filter(is_entry).count()
    }
}

/// Groups items by trace, or by request where there is no trace; what has neither comes last, in one group.
///
/// The items of a source come in its own order, which is kept.
pub(super) fn merge(items: Vec<Item>) -> Vec<Group> {
    // A request whose trace is told anywhere belongs to that trace everywhere.
    let mut traces: HashMap<String, String> = HashMap::new();
    for item in &items {
        if let (Some(trace), Some(request)) = (&item.trace, &item.request) {
            traces
                .entry(request.clone())
                .or_insert_with(|| trace.clone());
        }
    }
    let mut groups: HashMap<Key, Vec<Item>> = HashMap::new();
    for item in items {
        let told = item
            .request
            .as_ref()
            .and_then(|request| traces.get(request));
        let key = match (item.trace.as_ref().or(told), &item.request) {
            (Some(trace), _) => Key::Trace(trace.clone()),
            (None, Some(request)) => Key::Request(request.clone()),
            (None, None) => Key::Neither,
        };
        groups.entry(key).or_default().push(item);
    }
    let mut groups: Vec<(Key, Group)> = groups
        .into_iter()
        .map(|(key, items)| {
            let group = Group::new(&key, items);
            (key, group)
        })
        .collect();
    groups.sort_by(|(a, one), (b, other)| {
        let place = |key: &Key, group: &Group| {
            let first = group.items.first().map(|item| item.time.clone());
            (*key == Key::Neither, first, key.clone())
        };
        place(a, one).cmp(&place(b, other))
    });
    groups.into_iter().map(|(_, group)| group).collect()
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Key {
    Trace(String),
    Request(String),
    Neither,
}

impl Group {
    fn new(key: &Key, items: Vec<Item>) -> Self {
        let mut requests: Vec<String> = items
            .iter()
            .filter_map(|item| item.request.clone())
            .collect();
        requests.sort();
        requests.dedup();
        Group {
            trace: match key {
                Key::Trace(trace) => Some(trace.clone()),
                _ => None,
            },
            requests,
            items: in_order(items),
        }
    }
}

/// Merges the sources by the time of what is first in each; the order in a source stays, even where its clock went back.
fn in_order(items: Vec<Item>) -> Vec<Item> {
    let mut sources: Vec<VecDeque<Item>> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    let all = items.len();
    for item in items {
        let place = *places.entry(item.source).or_insert_with(|| {
            sources.push(VecDeque::new());
            sources.len() - 1
        });
        sources[place].push_back(item);
    }
    let mut merged = Vec::with_capacity(all);
    while let Some(first) = sources
        .iter_mut()
        .filter(|source| !source.is_empty())
        .min_by(|a, b| a[0].time.cmp(&b[0].time))
    {
        merged.extend(first.pop_front());
    }
    merged
}
