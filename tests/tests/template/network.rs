//! The network: who goes past the proxy, who goes out, and who has no way to either.

use crate::template::{Function, Template, list, root, text};

/// What a function's sources name when it connects to the primary itself.
const DIRECT: [&str; 4] = [
    "connect::direct",
    "upkeep::",
    "imports::connect",
    "PORTAL_DATABASE_DIRECT",
];

fn sources(function: &str) -> String {
    let folder = root().join("functions").join(function).join("src");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let files = files.filter(|path| path.is_file());
    files.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

fn goes_past_the_proxy(function: &Function) -> bool {
    let sources = sources(&function.name);
    DIRECT.iter().any(|name| sources.contains(name))
}

fn wears(function: &Function, group: &str) -> bool {
    let network = &function.properties["VpcConfig"];
    network.is_object() && list(&network["SecurityGroupIds"]).contains(&format!("${{{group}}}"))
}

#[test]
fn only_those_that_go_past_the_proxy_reach_the_database() {
    for function in Template::get().functions() {
        let direct = goes_past_the_proxy(&function);
        let variables = function.variables();
        assert_eq!(
            wears(&function, "DirectSecurityGroup"),
            direct,
            "{}",
            function.name
        );
        for name in ["PORTAL_DATABASE_DIRECT", "PORTAL_DATABASE_CA"] {
            assert_eq!(variables.contains_key(name), direct, "{}: {name}", function.name);
        }
        let layers = function.properties.get("Layers").map(list).unwrap_or_default();
        let certificates = layers
            .iter()
            .any(|layer| layer.starts_with("${CertificatesLayer"));
        assert_eq!(certificates, direct, "{}", function.name);
    }
}

#[test]
fn only_those_that_ask_stripe_go_out() {
    for function in Template::get().functions() {
        let asks = function.variables().contains_key("PORTAL_STRIPE_SECRET");
        let network = &function.properties["VpcConfig"];
        if function.variables().contains_key("PORTAL_DATABASE_SECRET") {
            let subnets = list(&network["SubnetIds"]);
            let out = subnets.iter().all(|subnet| subnet.starts_with("${Egress"));
            let inside = subnets.iter().all(|subnet| subnet.starts_with("${Private"));
            assert_eq!((out, inside), (asks, !asks), "{}", function.name);
        } else {
            assert!(
                network.is_null(),
                "{} has no business in the network",
                function.name
            );
        }
    }
}

/// Private subnets know no way out: their table of routes has none.
#[test]
fn private_subnets_lead_nowhere() {
    let template = Template::get();
    let routes = template.of_type("AWS::EC2::Route");
    for (id, route) in routes {
        assert_ne!(text(&route["RouteTableId"]), "${PrivateRoutes}", "{id}");
    }
    for (id, association) in template.of_type("AWS::EC2::SubnetRouteTableAssociation") {
        let subnet = text(&association["SubnetId"]);
        let table = text(&association["RouteTableId"]);
        let closed = subnet.starts_with("${Private") || subnet.starts_with("${Database");
        assert_eq!(closed, table == "${PrivateRoutes}", "{id}");
    }
    let subnets = template.of_type("AWS::EC2::Subnet").count();
    let associations = template.of_type("AWS::EC2::SubnetRouteTableAssociation").count();
    assert_eq!(subnets, associations);
}

/// The services that functions call have endpoints, since there is no other way to them.
#[test]
fn every_service_that_is_called_has_an_endpoint() {
    let template = Template::get();
    let mut endpoints: Vec<_> = template
        .of_type("AWS::EC2::VPCEndpoint")
        .map(|(_, endpoint)| {
            text(&endpoint["ServiceName"])
                .rsplit('.')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    endpoints.sort();
    let mut called: Vec<_> = template
        .functions()
        .iter()
        .flat_map(|function| crate::program::Program::of(&function.name).operations())
        .map(
            |(crate_name, _)| match crate_name.trim_start_matches("aws_sdk_") {
                // SES is called by the name of its address.
                "sesv2" => "email".to_owned(),
                service => service.to_owned(),
            },
        )
        .collect();
    called.sort();
    called.dedup();
    assert_eq!(endpoints, called);
}

/// Nobody from outside: rules let in security groups, never addresses.
#[test]
fn security_groups_let_in_groups_alone() {
    for (id, group) in Template::get().of_type("AWS::EC2::SecurityGroup") {
        for rule in group["SecurityGroupIngress"].as_array().into_iter().flatten() {
            assert!(
                rule.get("SourceSecurityGroupId").is_some() && rule.get("CidrIp").is_none(),
                "{id}: {rule}"
            );
        }
    }
}
