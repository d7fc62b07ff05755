//! The report's page in a real browser: at the width of a telephone and of a desk, on light and on dark.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use crate::program::Program;

const NARROW: u32 = 360;
const WIDE: u32 = 1_200;

/// What a browser shows of a page, measured by the browser.
const MEASURE: &str = r#"<script>
const style = (element, name) => getComputedStyle(element)[name];
const visible = [...document.querySelectorAll("td, p, h1, h2, div, span, bdi, code, pre")].filter(e => e.innerText?.trim());
const measured = {
  width: innerWidth,
  needed: document.documentElement.scrollWidth,
  background: style(document.body, "backgroundColor"),
  card: style(document.querySelector(".card"), "backgroundColor"),
  colours: [...new Set(visible.map(e => style(e, "color")))],
  smallest: Math.min(...visible.map(e => parseFloat(style(e, "fontSize")))),
  beside: visible.filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.innerText.slice(0, 40)),
  fetched: performance.getEntriesByType("resource").length,
  columns: document.querySelectorAll("td[title]").length,
  language: document.documentElement.lang,
};
document.body.innerHTML = "";
document.body.append("MEASURED" + JSON.stringify(measured) + "MEASURED");
</script>"#;

/// Opens a page, and gives what is measured in it. Nothing where there is no browser, which is said.
#[expect(clippy::print_stderr, reason = "a test that was left out must not look like one that passed")]
fn opened(page: &str, folder: &Path, width: u32, dark: bool) -> Option<Json> {
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| starts(name)) else {
        assert!(std::env::var_os("ROLLBOOK_INSIST_ON_CHROMIUM").is_none(), "there is no chromium");
        eprintln!("LEFT OUT: no page was opened; it needs chromium");
        return None;
    };
    let file = folder.join("page.html");
    // A window cannot be as narrow as a telephone; a frame can.
    let frame = folder.join("frame.html");
    std::fs::write(&file, page.replace("</body>", &format!("{MEASURE}</body>"))).unwrap();
    std::fs::write(
        &frame,
        format!(
            "<iframe id=f src=page.html width={width} height=900 style='border:0'></iframe><script>onload = () => \
             document.body.append(f.contentDocument.body.innerText)</script>"
        ),
    )
    .unwrap();
    // As Blink counts them: 0 is dark, 1 is light.
    let scheme = format!("--blink-settings=preferredColorScheme={}", u8::from(!dark));
    let output = Command::new(browser)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", &scheme])
        .arg(format!("--user-data-dir={}", folder.join("browser").display()))
        .args(["--window-size=1400,1000", "--dump-dom"])
        .arg(format!("file://{}", frame.display()))
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout).replace("&quot;", "\"").replace("&amp;", "&");
    let measured = dom.split("MEASURED").nth(1).unwrap_or_else(|| panic!("nothing was measured: {dom}"));
    Some(serde_json::from_str(measured).unwrap())
}

fn starts(browser: &str) -> bool {
    let version = Command::new(browser).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// A demo after some runs, of which the last held what too many people would have lost.
fn company(language: &str) -> Program {
    let program = Program::demo();
    let recipe = program.read("recipes/demo.yaml");
    program.write("recipes/demo.yaml", format!("{recipe}\nlanguage: {language}\n"));
    let sync = |today| program.run(&["sync", "recipes/demo.yaml", "--today", today]);
    sync("2026-01-15").expect_code(0);
    sync("2026-03-02").expect_code(0);
    let mut answer: Json = serde_json::from_str(&program.read("recipes/demo/people.json")).unwrap();
    for (index, person) in answer["employees"].as_array_mut().unwrap().iter_mut().enumerate() {
        match index % 10 {
            0..3 => person["/internal/lifecycleStatus"]["value"] = "terminated".into(),
            3..6 => {
                person["/work/title"]["value"] = "Lead <b>of</b> Pneumonoultramicroscopicsilicovolcanoconiosis".into()
            }
            6 => person["/root/email"]["value"] = Json::Null,
            _ => {}
        }
    }
    program.write("recipes/demo/people.json", answer.to_string());
    sync("2026-05-15").expect_code(4);
    program
}

/// How bright a colour is, from 0 to 1 (WCAG 2.2, "relative luminance").
fn brightness(colour: &str) -> f64 {
    let numbers = colour.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_end_matches(')');
    let linear = |value: f64| if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
    let parts: Vec<f64> =
        numbers.split(',').take(3).map(|part| linear(part.trim().parse::<f64>().unwrap() / 255.0)).collect();
    0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (brightness(one), brightness(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_page_fits_narrow_and_wide_screens_light_and_dark_in_every_language() {
    for language in ["en", "fr", "de"] {
        let program = company(language);
        let ran = program.run(&["runs", "latest", "--format", "html"]);
        let page = ran.expect_code(0).stdout.clone();
        assert!(page.len() <= 100_000, "{}", page.len());
        for (width, dark) in [(NARROW, false), (NARROW, true), (WIDE, false), (WIDE, true)] {
            let Some(seen) = opened(&page, &program.path(""), width, dark) else { return };
            let place = format!("{language}, {width} px, dark: {dark}: {seen:#}");
            assert_eq!(seen["width"], width, "{place}");
            assert!(seen["needed"].as_u64() <= Some(width.into()), "nothing is to be scrolled sideways: {place}");
            assert_eq!(seen["beside"], serde_json::json!([]), "{place}");
            assert_eq!(seen["fetched"], 0, "{place}");
            assert_eq!(seen["language"], language, "{place}");
            assert_eq!(seen["columns"], 3, "a column for each run: {place}");
            assert!(seen["smallest"].as_f64().unwrap() >= 11.0, "{place}");
            let card = seen["card"].as_str().unwrap();
            assert_eq!(brightness(card) < 0.1, dark, "{place}");
            for colour in seen["colours"].as_array().unwrap() {
                let contrast = contrast(card, colour.as_str().unwrap());
                let is_mark =
                    ["rgb(46, 144, 250)", "rgb(152, 162, 179)", "rgb(240, 68, 56)"].contains(&colour.as_str().unwrap());
                assert!(contrast >= 4.5 || is_mark, "{colour} on {card} has {contrast:.2}: {place}");
            }
        }
    }
}
