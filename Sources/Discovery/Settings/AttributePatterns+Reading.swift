import Topology

extension AttributePatterns {
    /// What the patterns say of an address. It never changes, so it is asked once for each server.
    func attributes(of address: InstanceAddress) -> ReportedAttributes {
        ReportedAttributes(
            dataCenter: dataCenter?.firstCapture(in: address),
            region: region?.firstCapture(in: address),
            environment: environment?.firstCapture(in: address),
            alias: alias?.firstCapture(in: address),
            clusterAlias: clusterAliases.first { $0.pattern.isFound(in: address) }?.alias
                ?? clusterAlias?.firstCapture(in: address)
        )
    }
}

extension ReportedAttributes {
    /// These attributes, filled up from `other` where they are silent.
    func completed(by other: ReportedAttributes) -> ReportedAttributes {
        ReportedAttributes(
            dataCenter: dataCenter ?? other.dataCenter,
            region: region ?? other.region,
            environment: environment ?? other.environment,
            alias: alias ?? other.alias,
            clusterAlias: clusterAlias ?? other.clusterAlias,
            promotionRule: promotionRule ?? other.promotionRule,
            semiSyncPriority: semiSyncPriority ?? other.semiSyncPriority
        )
    }

    var location: Location {
        Location(dataCenter: dataCenter, region: region, environment: environment)
    }
}
