//! What Graphviz draws as SVG, made fit for people: the fonts that were not measured, and words for who does not see it.

use super::words::visible;
use super::{Picture, drawing};

/// What the letters are set in: Arial was measured, and those before it are as wide or narrower.
const FONTS: &str = "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";

/// The picture as Graphviz drew it, with its fonts, a title and a description.
pub fn finished(svg: &str, picture: &Picture) -> String {
    let title = drawing::drawing(picture).title;
    let (name, about) = (escaped(&title.name), escaped(&title.lines().join(". ")));
    let svg = svg.replace("font-family=\"Arial\"", &format!("font-family=\"{FONTS}\""));
    // The tag that opens the picture; what Graphviz says of itself stands before it.
    let Some(open) = svg.find("<svg") else { return svg };
    let Some(end) = svg[open..].find('>').map(|at| open + at) else { return svg };
    let words = format!("<title>{name}</title>\n<desc>{about}</desc>");
    format!("{} role=\"img\">\n{words}{}", &svg[..end], &svg[end + 1..])
}

fn escaped(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
