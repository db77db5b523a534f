use civic_pii::Loggable;

struct Mine;

impl Loggable for Mine {}

fn main() {}
