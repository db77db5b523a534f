//! What the rules for personal data find, and what they leave alone, as a reader of the report sees it.

use civic_ops::{Settings, Sources, check};

/// Codes, lines and subjects of what is found in one file.
fn found(text: &str) -> Vec<(&'static str, usize, String)> {
    let sources = Sources::from_texts([("src/lib.rs", text)]);
    check(&sources, &Settings::default())
        .findings
        .into_iter()
        .filter(|finding| finding.code.starts_with("PD-"))
        .map(|finding| (finding.code, finding.line, finding.subject))
        .collect()
}

#[track_caller]
fn fires(text: &str, code: &str) {
    let found = found(text);
    assert!(
        found.iter().any(|(found, ..)| *found == code),
        "{text}\n{found:?}"
    );
}

#[track_caller]
fn silent(text: &str) {
    assert_eq!(found(text), [], "{text}");
}

#[test]
fn every_way_to_put_a_value_into_a_log_line_is_seen() {
    for call in [
        r#"info!("{}", user.email)"#,
        r#"info!("{0}", user.email)"#,
        r#"info!("{to}", to = user.email)"#,
        r#"info!(%user.email, "x")"#,
        r#"info!(to = %user.email, "x")"#,
        r#"info!(email = %to, "x")"#,
        "info!(user.email = to)",
        r#"info!({ email = to }, "x")"#,
        r#"info!(target: "a", "{}", user.email())"#,
        r#"info!(target: user.email, "x")"#,
        r#"log::warn!("{}", &user.email.as_str())"#,
        "tracing::event!(Level::INFO, email = ?to)",
        r#"log!(Level::Info, "{}", user.get_email())"#,
        r#"info!("email={}", to)"#,
        r#"info!("sent {}", format!("{}", user.email))"#,
        r#"info!("sent {}", Some(&user.email).unwrap_or_default())"#,
        r#"info!(log, "x"; "email" => to)"#,
        r#"info!(email:? = to; "x")"#,
        r#"info!("{:?}", (1, &user.email))"#,
        r#"info!("{}", "to ".to_owned() + &user.email)"#,
        r#"info!("{}", person.name)"#,
    ] {
        fires(&format!("fn f() {{ {call}; }}"), "PD-LOG");
    }
    fires(r#"fn f(email: &str) { info!("{email}"); }"#, "PD-LOG");
    fires(r#"fn f(nino: &str) { info!("{nino:?}"); }"#, "PD-LOG");
}

#[test]
fn calls_inside_macros_are_seen() {
    fires(
        r#"async fn f() { tokio::select! { _ = tick() => { info!("{}", user.email) } } }"#,
        "PD-LOG",
    );
    fires(
        r#"macro_rules! audit { ($user:expr) => { tracing::info!("{}", $user.email) } }"#,
        "PD-LOG",
    );
    fires(
        r#"macro_rules! a { ($email:expr) => { info!("{}", $email) } }"#,
        "PD-LOG",
    );
}

#[test]
fn one_step_of_flow_is_followed() {
    fires(
        r#"fn f(user: User) { let to = user.email.clone(); info!("{to}"); }"#,
        "PD-LOG",
    );
    fires(
        r#"fn f() { if let Some(to) = &user.email { info!("{to}"); } }"#,
        "PD-LOG",
    );
    fires(
        r#"fn f() { for to in &emails { info!("{to}"); } }"#,
        "PD-LOG",
    );
    fires(
        r#"fn f() { let User { email: to, .. } = user; info!("{to}"); }"#,
        "PD-LOG",
    );
    fires(
        r#"fn f() { let Some(to) = user.email else { return }; info!("{to}"); }"#,
        "PD-LOG",
    );
    silent(r#"fn f() { let email = mask(&user.email); info!("{email}"); }"#);
    silent(r#"fn f() { let to = user.email.len(); info!("{to}"); }"#);
    silent(r#"fn f() { { let to = user.email.clone(); } let to = 1; info!("{to}"); }"#);
}

#[test]
fn what_debug_and_display_of_a_type_print_is_known() {
    let user = "#[derive(Debug)] struct User { id: u64, email: String }";
    fires(
        &format!("{user} fn f(user: &User) {{ info!(?user); }}"),
        "PD-LOG",
    );
    fires(
        &format!(r#"{user} fn f(it: Option<User>) {{ info!("{{:?}}", it); }}"#),
        "PD-LOG",
    );
    fires(
        &format!(
            r#"{user} #[derive(Debug)] struct Case {{ owner: User }} fn f(case: Case) {{ info!("{{case:?}}"); }}"#
        ),
        "PD-LOG",
    );
    fires(
        r#"struct User { email: String }
           impl Display for User { fn fmt(&self, f: &mut F) -> R { write!(f, "{}", self.email) } }
           fn f(it: &User) { info!("{it}"); }"#,
        "PD-LOG",
    );
    silent(
        r#"struct User { email: String }
           impl fmt::Debug for User { fn fmt(&self, f: &mut F) -> R { f.write_str("User") } }
           fn f(it: &User) { info!("{it:?}"); }"#,
    );
    silent(
        r#"struct User { email: Secret<String> } fn f(user: &User) { info!("{:?}", user.email); }"#,
    );
    fires(
        r#"struct User { password: SecretString } fn f(user: &User) { info!("{}", user.password.expose_secret()); }"#,
        "PD-LOG",
    );
}

#[test]
fn what_is_not_personal_is_left_alone() {
    for call in [
        r#"info!("sent the email")"#,
        r#"info!("{}", user.id)"#,
        r#"info!("{}", user.email_verified)"#,
        r#"info!(email_count = emails.len(), "x")"#,
        r#"info!(email = %mask_email(&user.email), "x")"#,
        "info!(email = tracing::field::Empty)",
        r#"info!("cannot send the email: {}", error)"#,
        r#"info!("email: {}", e)"#,
        r#"info!("{}", EMAIL)"#,
        r#"info!("{}", Email::KIND)"#,
        r#"info!("{{email}}")"#,
        r#"info!("{}", queue.name)"#,
        r#"info!("{}", user.email.is_some())"#,
        r#"info!("{}", hash(&user.email))"#,
        r#"info!(next_token, page_token, "x")"#,
        r#"info!(listening = %addr, "x")"#,
        r#"// info!("{}", user.email)"#,
        r#"let text = "info!(\"{}\", user.email)";"#,
    ] {
        silent(&format!("fn f() {{ {call}\n; }}"));
    }
    silent(r#"fn f(email: bool) { info!("{email}"); }"#);
    silent(r#"struct S { email: u32 } fn f(s: S) { info!("{}", s.email); }"#);
}

#[test]
fn tests_are_left_alone_unless_they_are_asked_for() {
    let text = r#"
        #[cfg(test)] mod tests { #[test] fn t() { info!("{}", user.email); } }
        #[tokio::test] async fn t() { info!("{}", user.email); }
        #[cfg(test)] fn helper(email: &str) { println!("{email}"); }
        #[cfg(any(test, feature = "test-utils"))] #[derive(Debug)] struct User { email: String }
    "#;
    silent(text);
    let sources = Sources::from_texts([("src/lib.rs", text)]);
    let settings = Settings::parse("[check]\ntests = true").expect("settings");
    assert_eq!(check(&sources, &settings).findings.len(), 4);

    let sources = Sources::from_texts([
        ("src/lib.rs", "#[cfg(test)] mod fake; mod real;"),
        ("src/fake.rs", r#"fn f() { info!("{}", user.email); }"#),
        ("src/fake/deep.rs", r#"fn f() { info!("{}", user.email); }"#),
        ("src/real.rs", r#"fn f() { info!("{}", user.email); }"#),
        ("tests/api.rs", r#"fn f() { info!("{}", user.email); }"#),
    ]);
    let findings = check(&sources, &Settings::default()).findings;
    let paths: Vec<&str> = findings.iter().map(|finding| &*finding.path).collect();
    assert_eq!(paths, ["src/real.rs"]);
    // What is not only for tests is no test.
    fires(
        r#"#[cfg(not(test))] fn f() { info!("{}", user.email); }"#,
        "PD-LOG",
    );
}

#[test]
fn instrument_records_what_nothing_skips() {
    fires("#[instrument] fn f(email: String) {}", "PD-INSTRUMENT");
    fires(
        "#[tracing::instrument(skip(db))] async fn f(db: Db, user_email: &str) {}",
        "PD-INSTRUMENT",
    );
    fires(
        "#[instrument(skip_all, fields(email = %form.email))] fn f(form: Form) {}",
        "PD-INSTRUMENT",
    );
    fires(
        "#[derive(Debug)] struct Form { surname: String } #[instrument] fn f(Json(form): Json<Form>) {}",
        "PD-INSTRUMENT",
    );
    fires(
        "#[derive(Debug)] struct User { email: String } #[instrument(skip_all, ret)] fn f() -> Result<User, E> {}",
        "PD-INSTRUMENT",
    );
    fires(
        r#"#[derive(Error)] enum E { #[error("no {email}")] No { email: String } }
           #[instrument(skip_all, err)] fn f() -> Result<u8, E> {}"#,
        "PD-INSTRUMENT",
    );
    fires(
        "#[derive(Debug)] struct Store { password: String } impl Store { #[instrument] fn f(&self) {} }",
        "PD-INSTRUMENT",
    );
    silent("#[instrument(skip_all)] fn f(email: String) {}");
    silent("#[instrument(skip(email))] fn f(email: String) {}");
    silent("#[instrument(fields(email = %hash(&email)))] fn f(email: String) {}");
    silent("#[instrument(skip_all, err)] fn change_password() -> Result<(), E> {}");
}

#[test]
fn requests_are_known_by_their_parts() {
    fires(
        r#"fn f(headers: HeaderMap) { debug!("{headers:?}"); }"#,
        "PD-HEADER",
    );
    fires(
        r#"fn f() { debug!("{:?}", req.headers().get("authorization")); }"#,
        "PD-HEADER",
    );
    fires(
        r#"fn f() { debug!("{:?}", req.headers().get(header::COOKIE)); }"#,
        "PD-HEADER",
    );
    fires(
        r#"fn f() { let uri = req.uri().clone(); info!("{uri}"); }"#,
        "PD-URL",
    );
    fires(
        r#"fn f() { info_span!("x", target = request.uri().path_and_query().map(|p| p.as_str())); }"#,
        "PD-URL",
    );
    silent(r#"fn f() { debug!("{:?}", req.headers().get("content-type")); }"#);
    silent(r#"fn f() { info!("{}", req.uri().path()); }"#);
}

#[test]
fn errors_prints_panics_and_metrics_have_codes_of_their_own() {
    fires(
        r#"fn f() { bail!("no account for {}", user.email) }"#,
        "PD-ERROR",
    );
    fires(
        r#"fn f() { x.with_context(|| format!("no account for {}", user.email))?; }"#,
        "PD-ERROR",
    );
    fires(
        r#"impl fmt::Display for SaveError { fn fmt(&self, f: &mut F) -> R { write!(f, "{}", self.email) } }"#,
        "PD-ERROR",
    );
    fires(
        r#"#[derive(Snafu)] enum E { #[snafu(display("no {email}"))] No { email: String } }"#,
        "PD-ERROR",
    );
    fires(
        r#"fn f() { x.expect(&format!("{}", user.email)); }"#,
        "PD-PANIC",
    );
    fires(r#"fn f(nino: &str) { assert_eq!(nino, "x"); }"#, "PD-PANIC");
    fires(concat!("fn f(nino: &str) { dbg", "!(nino); }"), "PD-PRINT");
    fires(
        r#"fn f(nino: &str) { writeln!(io::stderr(), "{nino}"); }"#,
        "PD-PRINT",
    );
    fires(
        "fn f() { SENT.with_label_values(&[&user.email]).inc(); }",
        "PD-METRIC",
    );
    fires(
        r#"fn f() { KeyValue::new("user.email", to); }"#,
        "PD-METRIC",
    );
    silent("fn f(email: &str) { assert!(is_valid(email)); }");
    silent(r#"#[derive(Error)] enum E { #[error("no account")] No { email: String } }"#);
}

#[test]
fn a_derived_debug_is_a_finding_where_the_field_can_be_read() {
    fires(
        "#[derive(Debug)] struct S { email: Option<String> }",
        "PD-DEBUG",
    );
    fires("#[derive(Debug)] struct Email(String);", "PD-DEBUG");
    fires(
        "#[cfg_attr(feature = \"x\", derive(Debug))] struct S { client_ip: IpAddr }",
        "PD-DEBUG",
    );
    fires(
        "#[derive(Debug)] enum E { New { date_of_birth: NaiveDate }, Old }",
        "PD-DEBUG",
    );
    silent("#[derive(Clone)] struct S { email: String }");
    silent("#[derive(Debug)] struct S { email: Pii<String>, email_id: u64, email_sent: bool }");
    silent(
        "#[derive(Derivative)] #[derivative(Debug)] struct S { #[derivative(Debug = \"ignore\")] email: String }",
    );
    silent("#[derive(derive_more::Debug)] struct S { #[debug(skip)] email: String }");
}

#[test]
fn a_finding_points_at_its_call() {
    let sources = Sources::from_texts([(
        "src/lib.rs",
        "mod accounts {\n    impl Store {\n        fn save(&self) {\n            tracing::info!(\n                \"{}\",\n                user.email\n            );\n        }\n    }\n}\n",
    )]);
    let finding = &check(&sources, &Settings::default()).findings[0];
    assert_eq!((finding.line, finding.column), (4, 13));
    assert_eq!(finding.item, "accounts::Store::save");
    let text = sources.text("src/lib.rs").expect("the file");
    assert!(text[finding.span.clone()].starts_with("tracing::info!("));
    assert_eq!(&text[finding.labels[0].0.clone()], "user.email");
}

#[test]
fn a_call_with_many_values_is_one_finding() {
    let text = r#"fn f() { info!("{} {} {}", user.email, user.surname, user.nino); }"#;
    let found = found(text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].2, "user.email,user.surname,user.nino");
}

#[test]
fn the_policy_adds_names_and_keeps_others() {
    let settings = Settings::parse(
        "[pii.fields]\ncase_worker = \"person-name\"\n[[pii.keep]]\nfield = \"email\"\nreason = \"a test\"",
    )
    .expect("a policy");
    let sources = Sources::from_texts([(
        "src/lib.rs",
        "fn f(case_worker: &str) { info!(\"{case_worker}\"); }\nfn g(email: &str) { info!(\"{email}\"); }",
    )]);
    let report = check(&sources, &settings);
    let lines: Vec<usize> = report.findings.iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [1]);
}
