#!/bin/sh
# Make the environment .venv for `make run`, `make test` or `make bench`: scripts/set-up.sh run|test|bench
# PYTHON names another interpreter than the newest that is found.
set -eu
cd "$(dirname "$0")/.."
purpose=$1
venv=.venv

fail() {
    echo "set-up: $*" >&2
    exit 1
}

may_install() {
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]
}

apt_install() {
    echo "set-up: installing $*"
    [ -n "${apt_updated:-}" ] || apt-get update -q
    apt_updated=yes
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# ---- Python

is_suitable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

has_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

# The newest that can make environments, else the newest. Versions newer than those tested come last.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_suitable "$PYTHON" || fail "$PYTHON is not Python 3.11 or newer"
        python=$PYTHON
        return
    fi
    python=
    for candidate in python3.13 python3.12 python3.11 python3; do
        is_suitable $candidate || continue
        python=${python:-$candidate}
        if has_venv $candidate; then
            python=$candidate
            return
        fi
    done
    [ -n "$python" ] || fail "no Python 3.11 or newer is found ($(python3 --version 2>&1)):" \
        "install one, or name it: make $purpose PYTHON=/path/to/python3.12"
}

make_venv() {
    find_python
    if ! has_venv "$python"; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        may_install || fail "$python cannot make environments: install $package (sudo apt-get install $package)"
        apt_install "$package"
    fi
    echo "set-up: $venv with $("$python" --version)"
    "$python" -m venv --clear $venv
}

install_packages() {
    pip="$venv/bin/python -m pip --disable-pip-version-check"
    $pip install -q -c constraints.txt --upgrade pip
    # What builds a package is held to our versions, too.
    set -- install -c constraints.txt --build-constraint constraints.txt --editable .
    [ "$purpose" = run ] || set -- "$@" --group "$purpose"
    $pip "$@"
}

# ---- System libraries

missing_libraries() {
    ldd "$@" 2>/dev/null | awk '/not found/ {print $1}' | sort -u
}

# Debian names a package after its library: libX11.so.6 is in libx11-6, libEGL.so.1 in libegl1.
debian_packages() {
    for library in "$@"; do
        case $library in
            libglib-* | libgthread-*) echo libglib2.0-0 ;;
            libz.so.*) echo zlib1g ;;
            *) echo "$library" | tr '[:upper:]' '[:lower:]' | sed 's/\([0-9]\)\.so\./\1-/; s/\.so\.//' ;;
        esac
    done | sort -u
}

has_font() {
    for folder in /usr/share/fonts /usr/local/share/fonts "${HOME:-}/.fonts" "${XDG_DATA_HOME:-${HOME:-}/.local/share}/fonts"; do
        [ -z "$(find -L "$folder" -name '*.[to]tf' -print 2>/dev/null | head -n 1)" ] || return 0
    done
    return 1
}

how_to_install() {
    if command -v apt-get >/dev/null; then
        echo "sudo apt-get install $(debian_packages "$@" | tr '\n' ' ')"
    elif command -v dnf >/dev/null; then
        printf 'sudo dnf install'
        printf " '%s()(64bit)'" "$@"
    else
        echo "the packages that hold them (on Debian: $(debian_packages "$@" | tr '\n' ' '))"
    fi
}

check_system() {
    qt=$($venv/bin/python -c 'import importlib.util as u; print(u.find_spec("PySide6").submodule_search_locations[0])')
    plugins="$qt/Qt/plugins"
    needed=$(missing_libraries "$qt"/QtWidgets.*so "$qt"/QtSvg.*so "$plugins/platforms/libqoffscreen.so" \
        "$plugins/iconengines/libqsvgicon.so")
    for_screen=$(missing_libraries "$plugins/platforms/libqxcb.so")
    packages=$(debian_packages $needed $for_screen)
    has_font || packages="$packages fonts-dejavu-core"
    [ -n "$(echo $packages)" ] || return 0
    if may_install; then
        apt_install $packages
        needed=$(missing_libraries "$qt"/QtWidgets.*so "$qt"/QtSvg.*so "$plugins/platforms/libqoffscreen.so")
        [ -z "$needed" ] || fail "Qt still lacks" $needed
        return
    fi
    # Without an X display a window is drawn by Wayland or into a file.
    if [ -n "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
        needed=$(printf '%s\n' $needed $for_screen | sort -u)
    fi
    [ -z "$needed" ] || fail "Qt needs" $needed "- install them: $(how_to_install $needed)"
    has_font || fail "no font is installed, so no text would be seen: install a font package such as fonts-dejavu-core"
}

$venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
install_packages
check_system
touch "$venv/installed-$purpose"
