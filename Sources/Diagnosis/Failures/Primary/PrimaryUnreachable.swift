extension FailureDetector {
    /// The primary does not answer baton, and replicas still hear from it: it lives, and the network between is broken.
    static let primaryUnreachable = FailureDetector(
        .primaryUnreachable, of: [.primary], when: [.isLost, .someAnswer, .somebodyHears])

    /// The same of a primary that keeps baton out while some replicas cannot connect: too many connections, say.
    static let primaryUnreachableInPart = FailureDetector(
        .primaryUnreachable, of: [.primary],
        when: [.keepsBatonOut, .someFail, .someAnswer, .somebodyHears])
}
