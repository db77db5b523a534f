fn main() {
    let s = civic_pii::Scanner::new();
    for t in [
        r#"{"":77123456,"\\u0040AB123456C":77123456}"#,
        r#"{"a":"12-34-56","sort_code":"12-34-56","account":12345678}"#,
        r#"{"sort_code":123456,"account_number":12345678}"#,
        r#"[NHS-NUMBER] 1234567890"#,
        "[PASSPORT] 123456789",
        "4434765919 1234567890",
        "[NINO] and [EMAIL *COM]",
        r#"{"nhs_number":4434765919}"#,
        r#"{"b":[65, 66, 49, 50, 51, 52, 53, 54, 67]}"#,
    ] {
        println!("{t}");
        for f in s.scan(t) {
            println!("   {f:?} {:?}", &t[f.start..f.end]);
        }
        println!("   {}", civic_pii::Redactor::new().redact(t));
    }
}
