use civic_pii::{Pii, tag};

fn main() {
    let nino = Pii::new(tag::Nino, String::from("QQ123456C"));
    let text: &str = &nino;
    let inner: String = *nino;
}
