#!/bin/sh
# Copies pg_dump and pg_restore into FOLDER/bin, and every library that they need but the C library into FOLDER/lib, where Lambda looks
# for programs and libraries. Refuses what is of another major version than the database, or needs a newer C library than Lambda's.
set -eu

folder=$1
major=15
glibc=2.34

mkdir -p "$folder/bin" "$folder/lib"
for name in pg_dump pg_restore; do
    program=$(command -v "$name")
    version=$("$program" --version)
    case $version in
        *") $major."*) ;;
        *)
            echo "$program is of another version: $version" >&2
            exit 1
            ;;
    esac
    cp --dereference "$program" "$folder/bin/$name"
    ldd "$program" | awk '$2 == "=>" { print $3 }' | while read -r library; do
        case $(basename "$library") in
            libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | libresolv.so.*) ;;
            *) cp --dereference "$library" "$folder/lib/" ;;
        esac
    done
done

newest=$(strings --all "$folder"/bin/* "$folder"/lib/* | grep --extended-regexp --only-matching '^GLIBC_[0-9]+\.[0-9]+' |
    cut --delimiter=_ --fields=2 | sort --version-sort --unique | tail --lines=1)
if [ "$(printf '%s\n%s\n' "$newest" "$glibc" | sort --version-sort | tail --lines=1)" != "$glibc" ]; then
    echo "this needs glibc $newest, and Lambda has $glibc: build it with --use-container" >&2
    exit 1
fi
LD_LIBRARY_PATH="$folder/lib" "$folder/bin/pg_dump" --version
LD_LIBRARY_PATH="$folder/lib" "$folder/bin/pg_restore" --version
