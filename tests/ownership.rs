//! Who writes which store, and what is written together.

use loadpath::analysis::ownership::{self, Marks, Writing};

use crate::analysed::analysed;

/// Who writes a store, with how sure it is.
fn writers(text: &str, store: &str) -> Vec<(String, Writing)> {
    let (architecture, _) = analysed(text);
    let marks = Marks::of(&architecture);
    let store = architecture.component_named(store).expect("it is in the design").id;
    ownership::writers(&architecture, &marks, store)
        .into_iter()
        .map(|(link, writing)| (architecture.component(link.source).name.to_string(), writing))
        .collect()
}

/// What is written together: the writer and the targets.
fn together(text: &str) -> Vec<(String, Vec<String>)> {
    let (architecture, _) = analysed(text);
    let marks = Marks::of(&architecture);
    ownership::written_together(&architecture, &marks)
        .into_iter()
        .map(|it| {
            let targets = it.links.iter().map(|link| architecture.component(link.target).name.to_string());
            (it.writer.name.to_string(), targets.collect())
        })
        .collect()
}

#[test]
fn marks_and_flows_tell_who_writes() {
    let text = "client c
        service buy, look, other, copy
        database shop, more
        c -> buy -> shop
        c -> look -> shop
        other -> shop
        copy -> shop { reads }
        more ~> shop : replication
        flow a { writes; c -> buy -> shop }
        flow b { reads; c -> look -> shop }";
    let expected = [("buy".to_owned(), Writing::Surely), ("other".to_owned(), Writing::Perhaps)];
    assert_eq!(writers(text, "shop"), expected);
}

#[test]
fn one_service_in_two_places_is_one_writer() {
    let text = "region east { service api }
        region west { service api }
        database shop
        east.api -> shop
        west.api -> shop { writes }";
    assert_eq!(writers(text, "shop"), [("west.api".to_owned(), Writing::Surely)]);
}

#[test]
fn alternatives_are_not_written_together() {
    let design = |targets: &str| format!("service s\ndatabase a, b, c\ns -> {targets} {{ writes }}");
    let all = |names: &[&str]| vec![("s".to_owned(), names.iter().map(|it| (*it).to_owned()).collect())];
    assert_eq!(together(&design("a, b, c")), all(&["a", "b", "c"]));
    assert_eq!(together(&design("a | b")), []);
    assert_eq!(together(&design("a / b")), []);
    assert_eq!(together(&design("a else b")), []);
    assert_eq!(together(&design("a, (b / c)")), all(&["a", "b"]));
}

#[test]
fn flows_part_what_one_component_writes() {
    let text = "client x
        service s
        database a, b
        x -> s -> a, b
        flow one { writes; x -> s -> a }
        flow two { writes; x -> s -> b }";
    assert_eq!(together(text), []);
}

#[test]
fn an_index_is_asked_in_a_flow_that_writes() {
    let text = "client x
        service s
        search_index i
        x -> s -> i
        flow one { writes; x -> s -> i }";
    assert_eq!(writers(text, "i"), [("s".to_owned(), Writing::Perhaps)]);
}

#[test]
fn an_engine_that_forgets_is_no_place_of_data() {
    let (architecture, _) = analysed(
        "database a : redis
         database b : postgres
         cache c : redis
         cache d : redis { source_of_truth }
         object_store e",
    );
    let places: Vec<&str> = architecture
        .components()
        .filter(|it| ownership::is_place_of_data(it))
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(places, ["b", "d", "e"]);
}
