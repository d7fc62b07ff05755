//! The real program in a folder of its own, with nothing of the environment but what a test gives it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rollbook::store::Store;
use tempfile::TempDir;

use crate::kept::Kept;

/// The day that tests pretend it is, so that start and end dates decide the same for ever.
pub(crate) const TODAY: &str = "2026-11-02";

/// A folder to run the program in.
pub(crate) struct Program {
    folder: TempDir,
    kept: Kept,
    /// The address of the state database.
    state: String,
}

/// How a command ended.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self::empty_with(Kept::Sqlite)
    }

    fn empty_with(kept: Kept) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = match kept {
            Kept::Sqlite => format!("sqlite://{}", folder.path().join(".rollbook/state.db").display()),
            Kept::Postgres(cluster) => cluster.database(),
        };
        Self { folder, kept, state }
    }

    /// The demo, as `rollbook init` writes it, with the first hundred of its people: enough for every rule.
    pub(crate) fn demo() -> Self {
        Self::demo_with(Kept::Sqlite)
    }

    /// The same, with its state kept in either kind of database.
    pub(crate) fn demo_with(kept: Kept) -> Self {
        let program = Self::empty_with(kept);
        program.run(&["init", "directory"]).expect_code(0);
        let people = "recipes/demo/people.json";
        let mut answer: serde_json::Value = serde_json::from_str(&program.read(people)).unwrap();
        answer["employees"].as_array_mut().unwrap().truncate(100);
        program.write(people, answer.to_string());
        program
    }

    /// The demo, with everybody who should have a user having one.
    pub(crate) fn synced() -> Self {
        Self::synced_with(Kept::Sqlite)
    }

    /// The same, with its state kept in either kind of database.
    pub(crate) fn synced_with(kept: Kept) -> Self {
        let program = Self::demo_with(kept);
        program.sync(&[]).expect_code(0);
        program
    }

    /// Another folder with the same in it, the databases included. Nothing may be running in this one.
    pub(crate) fn copy(&self) -> Self {
        let mut copy = Self::empty();
        copy_folder(self.folder.path(), copy.folder.path());
        if let Kept::Postgres(cluster) = self.kept {
            let (_, name) = self.state.rsplit_once('/').unwrap();
            (copy.kept, copy.state) = (self.kept, cluster.database_with(&format!("TEMPLATE {name}")));
        }
        copy
    }

    /// The address of the state database, where it is on a server.
    pub(crate) fn server(&self) -> Option<&str> {
        matches!(self.kept, Kept::Postgres(_)).then_some(&self.state)
    }

    /// The state database, for a look into it.
    pub(crate) async fn store(&self) -> Store {
        Store::open(&self.state).await.unwrap()
    }

    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    pub(crate) fn read(&self, inside: &str) -> String {
        std::fs::read_to_string(self.path(inside)).unwrap()
    }

    pub(crate) fn write(&self, inside: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(inside), content).unwrap();
    }

    /// Puts one text in the place of another, which must be there.
    pub(crate) fn replace(&self, inside: &str, from: &str, to: &str) {
        let text = self.read(inside);
        assert!(text.contains(from), "{inside} has no `{from}`");
        self.write(inside, text.replace(from, to));
    }

    /// The program, ready to run here.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollbook"));
        self.prepare(command.args(args));
        command
    }

    /// Nothing of the environment but where the state is kept, where that is not as usual.
    fn prepare(&self, command: &mut Command) {
        command.env_clear().current_dir(self.folder.path()).stdin(Stdio::null());
        if let Kept::Postgres(_) = self.kept {
            command.env("ROLLBOOK_DATABASE_URL", &self.state);
        }
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// Runs `sync` on the demo, on the tests' day.
    pub(crate) fn sync(&self, more: &[&str]) -> Ran {
        self.run(&Self::sync_args(more))
    }

    /// Runs `plan` on the demo, on the tests' day.
    pub(crate) fn plan(&self, more: &[&str]) -> Ran {
        self.run(&[&["plan", "recipes/demo.yaml", "--today", TODAY], more].concat())
    }

    /// Starts `sync` on the demo and does not wait for it.
    pub(crate) fn start_sync(&self, more: &[&str]) -> Child {
        let mut command = Self::behind_the_watcher();
        self.prepare(command.args(Self::sync_args(more)));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The program, with less claim to the processor than the test that watches it has: on a busy machine it would else be
    /// past the moment at which it is to be killed.
    fn behind_the_watcher() -> Command {
        if cfg!(unix) {
            let mut command = Command::new("/usr/bin/nice");
            command.args(["-n", "19", env!("CARGO_BIN_EXE_rollbook")]);
            return command;
        }
        Command::new(env!("CARGO_BIN_EXE_rollbook"))
    }

    fn sync_args<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["sync", "recipes/demo.yaml", "--today", TODAY], more].concat()
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Expects an exit code, and shows everything if it was another.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Expects a text on stdout.
    #[track_caller]
    pub(crate) fn shows(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "no `{text}` in:\n{}", self.stdout);
        self
    }

    /// Expects a text on stderr.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no `{text}` in:\n{}", self.stderr);
        self
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
