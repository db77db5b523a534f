//! What the rules beside personal data find and leave alone, where the examples on their pages do not say it.

use civic_ops::{Settings, Sources, check};

fn codes(files: &[(&str, &str)]) -> Vec<&'static str> {
    let sources = Sources::from_texts(files.iter().copied());
    let findings = check(&sources, &Settings::default()).findings;
    findings.into_iter().map(|finding| finding.code).collect()
}

#[track_caller]
fn fires(text: &str, code: &str) {
    let found = codes(&[("src/lib.rs", text)]);
    assert!(found.contains(&code), "{text}\n{found:?}");
}

#[track_caller]
fn silent(text: &str, code: &str) {
    let found = codes(&[("src/lib.rs", text)]);
    assert!(!found.contains(&code), "{text}\n{found:?}");
}

#[test]
fn the_result_of_a_commit_counts_however_it_is_thrown_away() {
    for end in [
        "tx.commit().await;",
        "let _ = tx.commit().await;",
        "tx.commit().await.ok();",
        "self.tx.commit().await;",
    ] {
        fires(&format!("async fn f() {{ g(); {end} }}"), "TX-IGNORED");
    }
    for end in [
        "tx.commit().await?;",
        "tx.commit().await",
        "let done = tx.commit().await;",
        "return tx.commit().await;",
        "if tx.commit().await.is_err() {}",
        "match tx.commit().await { _ => {} }",
    ] {
        silent(&format!("async fn f() {{ g(); {end} }}"), "TX-IGNORED");
    }
}

#[test]
fn a_call_through_a_function_of_the_service_is_outside_too() {
    let notify = "async fn notify(c: &Client) { c.get(\"https://example.com\").send().await; }";
    fires(
        &format!(
            "{notify} async fn f() {{ let tx = pool.begin().await?; notify(&c).await; tx.commit().await?; }}"
        ),
        "TX-OUTSIDE",
    );
    silent(
        &format!(
            "{notify} async fn f() {{ let tx = pool.begin().await?; tx.commit().await?; notify(&c).await; }}"
        ),
        "TX-OUTSIDE",
    );
    silent(
        "async fn f() { let tx = pool.begin().await?; channel.send(1).await; tx.commit().await?; }",
        "TX-OUTSIDE",
    );
}

#[test]
fn writes_on_a_given_transaction_or_connection_need_none() {
    let writes = |on: &str, parameters: &str| {
        format!(
            "async fn f({parameters}) {{ sqlx::query!(\"INSERT INTO a (b) VALUES (1)\").execute({on}).await?; \
             sqlx::query!(\"UPDATE c SET d = 1\").execute({on}).await?; }}"
        )
    };
    fires(&writes("pool", "pool: &PgPool"), "TX-MISSING");
    silent(
        &writes("&mut **tx", "tx: &mut Transaction<'_, Postgres>"),
        "TX-MISSING",
    );
    silent(
        &writes("&mut *conn", "conn: &mut PgConnection"),
        "TX-MISSING",
    );
}

#[test]
fn queries_are_read_in_macros_functions_and_raw_strings() {
    for query in [
        "sqlx::query!(\"SELECT a FROM b\")",
        "sqlx::query_as!(Row, \"SELECT a FROM b\")",
        "sqlx::query_as::<_, Row>(\"SELECT a FROM b\")",
        "sqlx::query(r#\"SELECT a FROM b\"#)",
        "sqlx::query_scalar(\"WITH x AS (SELECT 1) SELECT a FROM b\")",
    ] {
        fires(
            &format!("async fn f() {{ {query}.fetch_all(pool).await? }}"),
            "Q-UNBOUNDED",
        );
        fires(
            &format!("async fn f() {{ for x in xs {{ {query}.fetch_one(pool).await?; }} }}"),
            "Q-LOOP",
        );
        fires(
            &format!(
                "async fn f() {{ while let Some(x) = xs.next() {{ {query}.fetch_one(pool).await?; }} }}"
            ),
            "Q-LOOP",
        );
        silent(
            &format!("async fn f() {{ {query}.fetch_one(pool).await? }}"),
            "Q-UNBOUNDED",
        );
    }
    silent(
        "async fn f() { sqlx::query(\"SELECT COUNT(*) FROM b\").fetch_all(pool).await? }",
        "Q-UNBOUNDED",
    );
}

#[test]
fn sql_that_cannot_be_parsed_is_not_determined() {
    let sources = Sources::from_texts([(
        "src/lib.rs",
        "fn f() {\n sqlx::query(\"SELECT FROM WHERE (\");\n}",
    )]);
    let report = check(&sources, &Settings::default());
    assert_eq!(
        (report.undecided[0].line, &*report.undecided[0].why),
        (2, "the SQL cannot be parsed")
    );
}

#[test]
fn blocking_is_a_matter_of_async_functions() {
    fires("async fn f() { std::fs::read(\"x\"); }", "Q-BLOCKING");
    silent("fn f() { std::fs::read(\"x\"); }", "Q-BLOCKING");
    silent(
        "async fn f() { tokio::fs::read(\"x\").await; }",
        "Q-BLOCKING",
    );
    silent(
        "async fn f() { spawn_blocking(move || { std::fs::read(\"x\") }).await; }",
        "Q-BLOCKING",
    );
}

#[test]
fn tables_are_those_that_the_last_migration_leaves() {
    let create = "CREATE TABLE users (id INT PRIMARY KEY, email TEXT);";
    let at = |second: &str| codes(&[("migrations/1.sql", create), ("migrations/2.sql", second)]);
    assert!(at("SELECT 1;").contains(&"RET-MISSING"));
    assert!(!at("DROP TABLE users;").contains(&"RET-MISSING"));
    assert!(!at("ALTER TABLE users DROP COLUMN email;").contains(&"RET-MISSING"));
    assert!(
        !at("-- civic: retention P6Y\nALTER TABLE users ADD COLUMN x INT;")
            .contains(&"RET-MISSING")
    );
    // What undoes a migration is none.
    assert!(codes(&[("migrations/1.down.sql", create)]).is_empty());
}

#[test]
fn rows_that_go_with_others_are_erased() {
    let tables = "CREATE TABLE users (id INT PRIMARY KEY, email TEXT);\n\
        CREATE TABLE notes (id INT, user_id INT REFERENCES users (id) ON DELETE CASCADE, surname TEXT);";
    let delete = "fn f() { sqlx::query(\"DELETE FROM users WHERE id = $1\").execute(pool); }";
    let found = codes(&[("migrations/1.sql", tables), ("src/lib.rs", delete)]);
    assert!(!found.contains(&"ERASE-MISSING"), "{found:?}");
    let kept = tables.replace(" ON DELETE CASCADE", "");
    let found = codes(&[("migrations/1.sql", &kept), ("src/lib.rs", delete)]);
    assert_eq!(
        found
            .iter()
            .filter(|code| **code == "ERASE-MISSING")
            .count(),
        1
    );
    let diesel = "fn f() { diesel::delete(users::table.find(1)).execute(c); diesel::delete(notes::table).execute(c); sqlx::query(\"SELECT 1 FROM a\"); }";
    let found = codes(&[("migrations/1.sql", &kept), ("src/lib.rs", diesel)]);
    assert!(!found.contains(&"ERASE-MISSING"), "{found:?}");
}

#[test]
fn hostile_sql_and_templates_end_in_a_report() {
    let deep = format!("SELECT {}1{} FROM a", "(".repeat(9_000), ")".repeat(9_000));
    let chain = format!("SELECT 1{} FROM a", "+1".repeat(15_000));
    for sql in [
        deep.as_str(),
        chain.as_str(),
        "'",
        "$a$",
        "\u{0}",
        "CREATE TABLE é (\"é TEXT);",
    ] {
        let code = format!("fn f() {{ sqlx::query(r##\"{sql}\"##); }}");
        let create = format!("CREATE TABLE a AS {sql};");
        codes(&[
            ("src/lib.rs", &code),
            ("migrations/1.sql", &create),
            ("templates/a.html", sql),
        ]);
    }
    for html in [
        "<",
        "<form",
        "<input é",
        "<é>",
        "govuk-error-message",
        "govuk-error-message\">é</p>",
        "<title",
    ] {
        let page = format!("govuk-error-summary {html}");
        codes(&[("templates/a.html", &page)]);
    }
}

#[test]
fn messages_for_citizens_follow_the_design_system() {
    for message in [
        "Please enter a date",
        "The date is invalid",
        "Error 0x80",
        "Something went wrong",
    ] {
        let page = format!("<p class=\"govuk-error-message\"><span>Error:</span> {message}</p>");
        assert_eq!(
            codes(&[("templates/a.html", &page)]),
            ["AX-MESSAGE"],
            "{message}"
        );
    }
    let page = "<p class=\"govuk-error-message\">Enter the date that you moved</p>";
    assert_eq!(codes(&[("templates/a.html", page)]), [] as [&str; 0]);
}
