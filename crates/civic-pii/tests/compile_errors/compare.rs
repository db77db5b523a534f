use civic_pii::{Pii, tag};

fn main() {
    let one = Pii::new(tag::Nino, String::from("QQ123456C"));
    let other = one.clone();
    let same = one == other;
}
