"""Prints a SAM template as JSON twice: as it is written, with its short forms spelt out (`written`), and as CloudFormation gets it
from SAM's own transform (`expanded`). What SAM refuses is an error with its words; no credentials and no network are needed.

    expand_template.py template.yaml
"""

import copy
import json
import os
import sys

# Before boto3 is imported: the transform asks for a region, and for nothing else of AWS.
os.environ.setdefault("AWS_DEFAULT_REGION", "us-west-2")

import boto3
from samcli.yamlhelper import yaml_parse
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

# What stands for a parameter without a default, by its type.
SAMPLE = "20260101000000"
# Where code would lie once it is packaged.
PACKAGED = "s3://packaged/code"


def prepared(template):
    """The template as `sam deploy` hands it in: with code in S3, and with the applications of others as stacks."""
    template = copy.deepcopy(template)
    for resource in template["Resources"].values():
        properties = resource.setdefault("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::Function":
                properties["CodeUri"] = PACKAGED
            case "AWS::Serverless::LayerVersion":
                properties["ContentUri"] = PACKAGED
            case "AWS::Serverless::Application":
                resource["Type"] = "AWS::CloudFormation::Stack"
                resource["Properties"] = {"TemplateURL": PACKAGED}
    return template


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        written = yaml_parse(file.read())
    parameters = {
        name: parameter.get("Default", parameter.get("AllowedValues", [SAMPLE])[-1])
        for name, parameter in written["Parameters"].items()
    }
    translator = Translator({}, Parser(), boto_session=boto3.Session())
    try:
        expanded = translator.translate(prepared(written), parameters)
    except InvalidDocumentException as error:
        sys.exit("\n".join([error.message, *(cause.message for cause in error.causes)]))
    json.dump({"written": written, "expanded": expanded}, sys.stdout)


main()
