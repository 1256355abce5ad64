#!/bin/sh
# Refuses a bundle that is not what it should be: each certificate must be an authority of Amazon RDS, and there must be some.
set -eu

bundle=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk -v folder="$work" '/BEGIN CERTIFICATE/ { count++ } count { print > (folder "/" count ".pem") }' "$bundle"

found=0
for certificate in "$work"/*.pem; do
    [ -e "$certificate" ] || break
    subject=$(openssl x509 -in "$certificate" -noout -subject)
    case $subject in
        *"Amazon RDS"*) found=$((found + 1)) ;;
        *)
            echo "$bundle holds a certificate of another authority: $subject" >&2
            exit 1
            ;;
    esac
    openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null || echo "expired, and of no use: $subject" >&2
done
if [ "$found" -eq 0 ]; then
    echo "$bundle holds no certificate" >&2
    exit 1
fi
echo "$found authorities of Amazon RDS"
