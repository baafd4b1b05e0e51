# Sourced by start, test and build: system libraries and the virtual environment in .venv.
# Every step looks first and does only what is missing, so that a second run is quick.

say() { printf '%s\n' "nodewise: $*" >&2; }
die() { say "$*"; exit 1; }

# package:library that proves it is there
qt_libraries="libglib2.0-0:libglib-2.0.so.0 libgl1:libGL.so.1 libegl1:libEGL.so.1 libdbus-1-3:libdbus-1.so.3
  libfontconfig1:libfontconfig.so.1 libfreetype6:libfreetype.so.6 libxkbcommon0:libxkbcommon.so.0"
screen_libraries="libx11-xcb1:libX11-xcb.so.1 libxcb-cursor0:libxcb-cursor.so.0 libxcb-icccm4:libxcb-icccm.so.4
  libxcb-keysyms1:libxcb-keysyms.so.1 libxcb-randr0:libxcb-randr.so.0 libxcb-shape0:libxcb-shape.so.0
  libxcb-sync1:libxcb-sync.so.1 libxcb-xfixes0:libxcb-xfixes.so.0 libxcb-xkb1:libxcb-xkb.so.1
  libxkbcommon-x11-0:libxkbcommon-x11.so.0 libwayland-client0:libwayland-client.so.0
  libwayland-cursor0:libwayland-cursor.so.0"

# missing_packages "PACKAGE:LIBRARY ..." prints the packages whose library the loader does not know.
missing_packages() {
  local known entry
  known=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null || true)
  for entry in $1; do
    case "$known" in *"${entry#*:}"*) ;; *) printf '%s ' "${entry%%:*}" ;; esac
  done
  [ -n "$(find /usr/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ] || printf 'fonts-dejavu-core '
  "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || printf 'python3 python3-venv '
}

# as_root COMMAND... runs it as root: directly, or through sudo (which may ask where there is a terminal).
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif [ -t 0 ]; then sudo "$@"
  else sudo -n "$@"; fi
}

# apt_install "PACKAGE ..." installs them, or names them and stops.
apt_install() {
  local by_hand="as root run: apt-get install --no-install-recommends $1"
  command -v apt-get >/dev/null || die "missing on this system (names as in Debian): $1"
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || die "missing on this system; $by_hand"
  say "installing with apt: $1"
  # shellcheck disable=SC2086 # one word for each package
  as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends $1 >/dev/null || die "apt did not succeed; $by_hand"
}

# system_libraries "PACKAGE:LIBRARY ..." installs those that the loader does not know, or names them and stops.
system_libraries() {
  local missing
  missing=$(missing_packages "$1")
  [ -z "$missing" ] || apt_install "$missing"
}

# system_commands "PACKAGE:COMMAND ..." does the same for programs.
system_commands() {
  local entry missing=""
  for entry in $1; do
    command -v "${entry#*:}" >/dev/null || missing="$missing${entry%%:*} "
  done
  [ -z "$missing" ] || apt_install "$missing"
}

# office says whether LibreOffice can open documents and sheets; where root or sudo allows, it is installed.
office() {
  office_is_there && return 0
  (apt_install "libreoffice-calc-nogui libreoffice-writer-nogui") && office_is_there
}

office_is_there() {
  local program
  program=$(dirname "$(readlink -f "$(command -v soffice || echo /nowhere/soffice)")")
  [ -e "$program/libsclo.so" ] && [ -e "$program/libswlo.so" ]
}

# batch_system says whether Slurm and shellcheck can read our job scripts; installed as the office is.
batch_system() {
  batch_system_is_there && return 0
  (apt_install "slurm-wlm munge shellcheck") && batch_system_is_there
}

batch_system_is_there() {
  local program
  for program in slurmctld sbatch munged shellcheck; do
    (PATH="$PATH:/usr/sbin:/sbin"; command -v "$program" >/dev/null) || return 1
  done
}

# environment FOLDER EXTRAS makes a virtual environment with Nodewise and EXTRAS ("" or "[tests]") in it.
# The installation is editable, so that a pull needs no new one.
environment() {
  local python=${PYTHON:-python3} wanted
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "needs Python 3.11 or newer; $python is $("$python" --version 2>&1). Set PYTHON=/path/to/python3.11"
  wanted=$(printf '%s\n' "$PWD" "$("$python" --version)" | cat - pyproject.toml packaging/lock.txt | sha256sum)
  if [ "$(cat "$1/installed$2" 2>/dev/null)" = "$wanted" ]; then return 0; fi
  say "installing Python packages in $1 (a few minutes the first time)"
  [ "$("$1/bin/python" --version 2>/dev/null)" = "$("$python" --version)" ] || "$python" -m venv --clear "$1"
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check --constraint packaging/lock.txt \
    --editable ".$2" || die "pip could not install the packages; is there a network?"
  printf '%s\n' "$wanted" >"$1/installed$2"
}

# byte_code FOLDER compiles Nodewise and all that it stands on, once for each installation in the virtual
# environment FOLDER: else the first start would do so, file by file, while somebody waits for the window.
byte_code() {
  [ "$1/compiled" -nt "$1/installed" ] && return
  say "compiling"
  "$1/bin/python" -m compileall -qq -j 0 app estimators resources "$1"/lib/python*/site-packages ||
    true # a package may bring along files for another Python
  touch "$1/compiled"
}
