//! The register: where each personal field is, and what Article 30 asks for.

use civic_ops::{RegisterFormat, Settings, Sources, register};
use serde_json::Value;

const MIGRATION: &str = "-- civic: retention P6Y\nCREATE TABLE users (\n    id INT PRIMARY KEY,\n    email TEXT,\n    full_name TEXT\n);\n";

const CODE: &str = r#"
#[derive(sqlx::FromRow)]
pub struct User {
    pub id: i64,
    pub email: String,
    #[sqlx(rename = "full_name")]
    pub full_name: String,
}

async fn save(user: &User) {
    sqlx::query("INSERT INTO users (email, full_name) VALUES ($1, $2)").execute(pool).await?;
}

async fn load() -> Option<User> {
    sqlx::query_as::<_, User>("SELECT id, email FROM users WHERE id = $1").fetch_one(pool).await?
}

async fn tell(user: &User) {
    tracing::info!(email = %user.email, "told");
    client.post("https://api.example.com/messages").json(&user).send().await?;
}

async fn erase() {
    sqlx::query("UPDATE users SET email = NULL WHERE id = $1").execute(pool).await?;
}
"#;

fn json(files: &[(&str, &str)], policy: &str) -> Value {
    let sources = Sources::from_texts(files.iter().copied());
    let settings = Settings::parse(policy).expect("a policy");
    let text = register(&sources, &settings).write(RegisterFormat::Json);
    serde_json::from_str(&text).expect("JSON")
}

fn field<'a>(register: &'a Value, name: &str) -> &'a Value {
    let fields = register["fields"].as_array().expect("fields");
    fields
        .iter()
        .find(|field| field["field"] == name)
        .unwrap_or_else(|| panic!("no {name} in {fields:#?}"))
}

fn lines(list: &Value) -> Vec<String> {
    let spots = list.as_array().into_iter().flatten();
    spots
        .map(|spot| format!("{}:{}", spot["path"].as_str().unwrap_or("?"), spot["line"]))
        .collect()
}

#[test]
fn each_field_is_followed_from_its_column_to_its_end() {
    let register = json(
        &[("migrations/1.sql", MIGRATION), ("src/users.rs", CODE)],
        "",
    );
    let email = field(&register, "users.email");
    assert_eq!(email["kind"], "email");
    assert_eq!(lines(&email["stored"]), ["migrations/1.sql:4"]);
    assert_eq!(lines(&email["held"]), ["src/users.rs:5"]);
    assert_eq!(
        lines(&email["written"]),
        ["src/users.rs:11", "src/users.rs:24"]
    );
    assert_eq!(lines(&email["read"]), ["src/users.rs:15"]);
    assert_eq!(lines(&email["logged"]), ["src/users.rs:19"]);
    assert_eq!(lines(&email["sent"]), ["src/users.rs:20"]);
    assert_eq!(email["sent"][0]["to"], "api.example.com");
    assert_eq!(lines(&email["erased"]), ["src/users.rs:24"]);
    assert_eq!(email["retention"], "P6Y");
    let name = field(&register, "users.full_name");
    assert_eq!(lines(&name["logged"]), [] as [&str; 0]);
    assert_eq!(lines(&name["sent"]), ["src/users.rs:20"]);
    let why = name["erased"]["not_determined"].as_str().expect("a reason");
    assert_eq!(why, "no query was found that erases it, migrations/1.sql:5");
}

#[test]
fn what_no_source_says_comes_from_the_policy() {
    let policy = "[register]\ncontroller = 'Example Board'\nsecurity = ['TLS']\n\
        [[register.purpose]]\nname = 'Licensing'\nstores = ['users']\nlawful-basis = 'public task'\n\
        people = ['applicants']\nretention = 'P7Y'\n\
        [[register.recipient]]\nname = 'The messenger'\nhosts = ['api.example.com']\ntransfers = 'none'\n";
    let files = [
        ("migrations/1.sql", MIGRATION),
        ("src/users.rs", CODE),
        ("civic.toml", policy),
    ];
    let register = json(&files, policy);
    assert_eq!(register["controller"], "Example Board");
    let activities = register["activities"].as_array().expect("activities");
    assert_eq!(activities.len(), 1);
    let activity = &activities[0];
    assert_eq!(activity["purpose"], "Licensing");
    assert_eq!(activity["people"][0], "applicants");
    assert_eq!(activity["recipients"][0], "The messenger");
    assert_eq!(activity["transfers"][0], "The messenger: none");
    assert_eq!(activity["retention"][0], "P7Y");
    assert_eq!(activity["security"][0], "TLS");
    assert_eq!(
        activity["data"],
        serde_json::json!(["email", "person-name"])
    );
    // A store that is not there is told, with its line.
    let wrong = policy.replace("['users']", "['users', 'people']");
    let register = json(&files, &wrong);
    let notes = register["not_determined"].to_string();
    assert!(
        notes.contains("names `people`, which holds no personal field that is known, civic.toml:4"),
        "{notes}"
    );
}

#[test]
fn what_neither_says_is_not_determined_with_a_place() {
    let code = "struct Form { email: String }\nfn f(form: &Form, nino: &str) {\n    info!(nino);\n    client.post(&url).json(&form).send();\n}\n";
    let register = json(&[("src/main.rs", code)], "");
    let email = field(&register, "Form.email");
    assert_eq!(
        email["stored"]["not_determined"],
        "no migration was found that makes a table, src/main.rs:1"
    );
    assert_eq!(
        email["sent"][0]["to"]["not_determined"],
        "the address is no literal, src/main.rs:4"
    );
    let notes = register["not_determined"].to_string();
    assert!(notes.contains("`nino` (nino) is written out by `info!`, and belongs to no field that is known, src/main.rs:3"), "{notes}");
    let markdown = civic_ops::register(
        &Sources::from_texts([("src/main.rs", code)]),
        &Settings::default(),
    )
    .write(RegisterFormat::Markdown);
    let count = register["not_determined"].as_array().map_or(0, Vec::len);
    assert!(markdown.contains(&format!("## Not determined: {count}\n")));
}

#[test]
fn tests_and_what_is_excluded_are_left_out() {
    let files = [
        ("src/main.rs", "struct Form { email: String }"),
        ("tests/api.rs", "struct Sent { email: String }"),
        ("vendor/a.rs", "struct Other { email: String }"),
    ];
    let register = json(&files, "[check]\nexclude = ['vendor']");
    let fields = register["fields"].as_array().expect("fields");
    assert_eq!(fields.len(), 1, "{fields:#?}");
}

#[test]
fn a_value_is_followed_through_locals_structs_and_text() {
    for handed in [
        "let body = serde_json::json!({\"to\": user.email}); client.post(\"https://a.example\").json(&body).send();",
        "let body = Body { to: user.email.clone() }; client.post(\"https://a.example\").json(&body).send();",
        "let address = format!(\"https://a.example/?to={}\", user.email); client.get(&address).send();",
        "Message::builder().to(user.email.parse()?).subject(\"x\").body(text);",
        "let to = user.email.expose(\"to write\"); client.post(\"https://a.example\").body(to).send();",
        "producer.send(FutureRecord::to(\"mails\").payload(&user.email));",
    ] {
        let code =
            format!("struct User {{ email: String }}\nfn f(user: &User) {{\n    {handed}\n}}\n");
        let register = json(&[("src/main.rs", &code)], "");
        let email = field(&register, "User.email");
        assert_eq!(lines(&email["sent"]), ["src/main.rs:3"], "{handed}");
    }
    let masked = "struct User { email: String }\nfn f(user: &User) { client.post(\"https://a.example\").body(hash(&user.email)).send(); }";
    let register = json(&[("src/main.rs", masked)], "");
    assert_eq!(
        lines(&field(&register, "User.email")["sent"]),
        [] as [&str; 0]
    );
}

#[test]
fn types_that_hold_each_other_in_many_ways_are_looked_at_once() {
    let mut code = String::new();
    for ty in 0..60 {
        let fields: Vec<String> = (0..60)
            .map(|other| format!("    f{other}: Box<T{other}>,\n"))
            .collect();
        code.push_str("#[derive(Debug)]\n");
        code.push_str(&["struct T", &ty.to_string(), " {\n", &fields.concat(), "}\n"].concat());
    }
    code = code.replace("f59: Box<T59>", "email: String");
    code += "fn f(t: &T0) {\n    client.post(\"https://a.example\").json(&t).send();\n    info!(?t);\n}\n";
    let register = json(&[("src/main.rs", &code)], "");
    let fields = register["fields"].as_array().expect("fields");
    assert_eq!(fields.len(), 60);
    assert!(
        fields
            .iter()
            .any(|field| field["sent"][0]["to"] == "a.example")
    );
}
