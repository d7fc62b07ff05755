//! A PostgreSQL of this process's own, for tests: made by the installed programs in a folder for the time being, and
//! stopped when the process ends, however it ends.
//!
//! Without the programs the tests that need it are left out, and say so; `ROLLBOOK_INSIST_ON_POSTGRESQL=1` makes that a
//! failure.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server. Dropping it stops it.
pub(crate) struct Cluster {
    programs: Programs,
    folder: PathBuf,
    port: u16,
    _keeper: Keeper,
}

/// Stops the server and removes the folder when its input ends, which it does with this process.
struct Keeper(Child);

/// Where PostgreSQL's programs are, and as whom they run.
#[derive(Clone)]
struct Programs {
    folder: PathBuf,
    /// User and group; PostgreSQL refuses to be run by root.
    other_user: Option<(u32, u32)>,
}

/// `stranger` is asked for a password, everybody else is not.
const WHO_MAY: &str = "local all all trust\n\
                       host all stranger 127.0.0.1/32 scram-sha-256\n\
                       host all all 127.0.0.1/32 trust\n";

/// Quick and small, since nothing is worth keeping.
const SETTINGS: &str = "fsync = off\nfull_page_writes = off\nmax_connections = 200\nshared_buffers = 32MB\n\
                        min_wal_size = 2MB\nmax_wal_size = 64MB\n\
                        listen_addresses = '127.0.0.1'\nautovacuum = off\n";

/// Where packages put the programs, with a folder for each version.
const PACKAGES: [&str; 3] = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

impl Cluster {
    /// The server that the tests of this process share, or nothing where PostgreSQL is not installed and need not be.
    pub(crate) fn shared() -> Option<&'static Self> {
        static SHARED: LazyLock<Option<Cluster>> = LazyLock::new(Cluster::start);
        SHARED.as_ref()
    }

    /// Another one, for a test that stops it.
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = Programs::find() else {
            left_out();
            return None;
        };
        // Another process may take the port that was free a moment ago.
        let mut tries = (0..5).map(|_| Self::try_start(&programs));
        let started = tries.find_map(Result::ok);
        Some(started.unwrap_or_else(|| Self::try_start(&programs).unwrap_or_else(|said| panic!("{said}"))))
    }

    /// The address of a new and empty database.
    pub(crate) fn database(&self) -> String {
        self.database_with("")
    }

    /// The same, made with more of the options of `CREATE DATABASE`.
    pub(crate) fn database_with(&self, options: &str) -> String {
        static MADE: AtomicUsize = AtomicUsize::new(1);
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        self.run(&format!("CREATE DATABASE {name} OWNER rollbook {options}"));
        self.address("rollbook", &name)
    }

    /// The address of a database for a user. Who is not `stranger` needs no password.
    pub(crate) fn address(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs a statement as the one who may do everything, and gives what it found.
    pub(crate) fn run(&self, sql: &str) -> String {
        self.ask(&self.address("postgres", "postgres"), sql)
    }

    /// Runs a statement in a database, and gives what it found.
    pub(crate) fn ask(&self, database: &str, sql: &str) -> String {
        let mut psql = self.programs.command("psql");
        let asked = psql.args(["-qXAt", "-v", "ON_ERROR_STOP=1", "-c", sql, database]);
        successful(asked).unwrap_or_else(|said| panic!("{sql}: {said}")).trim().to_owned()
    }

    /// Starts a server again that was stopped.
    pub(crate) fn resume(&self) {
        self.control(&["-w", "-l", &self.log(), "start"]);
    }

    /// Stops the server as if it had been killed.
    pub(crate) fn stop(&self) {
        self.control(&["-w", "-m", "immediate", "stop"]);
    }

    fn try_start(programs: &Programs) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("rollbook-postgres-").tempdir().unwrap().keep();
        programs.give(&folder);
        let data = folder.join("data");
        let keeper = programs.keep(&folder);
        let mut init = programs.command("initdb");
        init.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
            "--wal-segsize=1",
            "-D",
        ]);
        successful(init.arg(&data))?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        fs::write(data.join("pg_hba.conf"), WHO_MAY).unwrap();
        let mut settings = fs::OpenOptions::new().append(true).open(data.join("postgresql.conf")).unwrap();
        write!(settings, "{SETTINGS}port = {port}\nunix_socket_directories = '{}'\n", folder.display()).unwrap();
        let cluster = Self { programs: programs.clone(), folder, port, _keeper: keeper };
        cluster.try_control(&["-w", "-l", &cluster.log(), "start"])?;
        cluster.run("CREATE ROLE rollbook LOGIN");
        Ok(cluster)
    }

    fn log(&self) -> String {
        self.folder.join("log").display().to_string()
    }

    fn control(&self, args: &[&str]) {
        self.try_control(args).unwrap_or_else(|said| panic!("{said}"));
    }

    fn try_control(&self, args: &[&str]) -> Result<String, String> {
        let mut control = self.programs.command("pg_ctl");
        // The server would hold on to a pipe, and its reader wait for it.
        control.arg("-D").arg(self.folder.join("data")).args(args).stdout(Stdio::null()).stderr(Stdio::null());
        match control.status().unwrap().success() {
            true => Ok(String::new()),
            false => Err(fs::read_to_string(self.log()).unwrap_or_default()),
        }
    }
}

impl Programs {
    fn find() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = PACKAGES.iter().flat_map(|packages| versions(Path::new(packages))).collect();
        folders.extend(std::env::split_paths(&path));
        let folder = folders.into_iter().find(|folder| folder.join("initdb").is_file())?;
        Some(Self { folder, other_user: other_user() })
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join(name));
        self.as_other_user(&mut command);
        command
    }

    fn as_other_user(&self, command: &mut Command) {
        command.current_dir("/").stdin(Stdio::null());
        if let Some((user, group)) = self.other_user {
            command.uid(user).gid(group);
        }
    }

    /// Makes a folder theirs.
    fn give(&self, folder: &Path) {
        if let Some((user, group)) = self.other_user {
            chown(folder, Some(user), Some(group)).unwrap();
        }
    }

    fn keep(&self, folder: &Path) -> Keeper {
        let mut keeper = Command::new("sh");
        let script = "cat > /dev/null; \"$0/pg_ctl\" -D \"$1/data\" -m immediate stop; rm -rf \"$1\"";
        keeper.args(["-c", script]).arg(&self.folder).arg(folder);
        self.as_other_user(&mut keeper);
        // In a group of its own, an interrupt from the keyboard does not reach it.
        keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Keeper(keeper.spawn().unwrap())
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

/// The folders of programs of every version in a folder of packages, the newest first.
fn versions(packages: &Path) -> Vec<PathBuf> {
    let number = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.trim_start_matches("postgresql@").parse::<u32>().unwrap_or_default()
    };
    let entries = fs::read_dir(packages).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.sort_by_key(|folder| std::cmp::Reverse(number(folder)));
    folders.into_iter().map(|folder| folder.join("bin")).collect()
}

/// Whoever PostgreSQL can be run by where this process is root.
fn other_user() -> Option<(u32, u32)> {
    let marker = tempfile::NamedTempFile::new().unwrap();
    if marker.as_file().metadata().unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let of = |name: &str| {
        let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        let mut numbers = line.split(':').skip(2).map(|number| number.parse().unwrap());
        Some((numbers.next()?, numbers.next()?))
    };
    of("postgres").or_else(|| of("nobody"))
}

fn successful(command: &mut Command) -> Result<String, String> {
    let done = command.output().unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) }
}

/// Says once that tests are left out.
fn left_out() {
    static SAID: LazyLock<()> = LazyLock::new(|| {
        // Past the harness, which hides what tests print that pass.
        let mut stderr = std::io::stderr();
        writeln!(stderr, "left out: every test on PostgreSQL, for want of its programs; see CONTRIBUTING.md").unwrap();
    });
    let insist = std::env::var_os("ROLLBOOK_INSIST_ON_POSTGRESQL").is_some_and(|insist| insist == "1");
    assert!(!insist, "PostgreSQL is not installed");
    LazyLock::force(&SAID);
}
