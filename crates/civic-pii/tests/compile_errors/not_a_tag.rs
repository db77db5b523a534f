use civic_pii::Pii;

struct Nino;

fn show(nino: &Pii<String, Nino>) {
    println!("{nino:?}");
}

fn main() {}
