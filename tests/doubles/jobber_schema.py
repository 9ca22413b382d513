"""The part of Jobber's GraphQL schema that is about clients and requests, as its documents have it."""

from __future__ import annotations

from graphql import build_schema

SCHEMA = build_schema(
    """
    scalar EncodedId
    scalar ISO8601DateTime

    type Query {
      account: Account
      client(id: EncodedId!): Client
      clients(after: String, before: String, first: Int, last: Int, filter: ClientFilterAttributes,
              searchTerm: String, sort: ClientsSortInput): ClientConnection!
      request(id: EncodedId!): Request
      requests(after: String, before: String, first: Int, last: Int, filter: RequestFilterAttributes,
               sort: [RequestsSortInput!]): RequestConnection!
    }

    type Account { id: EncodedId! name: String! }
    type PageInfo {
      endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String
    }
    input Iso8601DateTimeRangeInput { after: ISO8601DateTime before: ISO8601DateTime eq: ISO8601DateTime }
    enum SortDirectionEnum { ASCENDING DESCENDING }
    enum ClientsSortKey { FIRST_NAME LAST_NAME PRIMARY_NAME UPDATED_AT }
    input ClientsSortInput { key: ClientsSortKey! direction: SortDirectionEnum! }
    enum RequestsSortKey {
      TITLE REQUESTED_AT STATUS STATUS_AND_REQUESTED_AT PRIMARY_NAME FIRST_NAME LAST_NAME
    }
    input RequestsSortInput { key: RequestsSortKey! direction: SortDirectionEnum! }
    input ClientFilterAttributes {
      createdAt: Iso8601DateTimeRangeInput isArchived: Boolean isCompany: Boolean isLead: Boolean
      tags: [String!] updatedAt: Iso8601DateTimeRangeInput
    }
    enum RequestStatusTypeEnum {
      new completed converted archived upcoming overdue unscheduled assessment_completed today
    }
    input RequestFilterAttributes {
      clientId: EncodedId propertyId: EncodedId status: RequestStatusTypeEnum
      updatedAt: Iso8601DateTimeRangeInput createdAt: Iso8601DateTimeRangeInput
    }

    type Client {
      balance: Float! billingAddress: ClientAddress
      clientProperties(after: String, first: Int): PropertyConnection!
      companyName: String contacts(after: String, first: Int): ContactModelConnection!
      createdAt: ISO8601DateTime! customFields: [CustomFieldUnion!]! email: String emails: [Email!]!
      firstName: String! id: EncodedId! isArchived: Boolean! isCompany: Boolean! isLead: Boolean!
      jobberWebUri: String! lastName: String! name: String! phone: String phones: [ClientPhoneNumber!]!
      secondaryName: String sourceAttribution: SourceAttribution
      tags(after: String, first: Int): TagConnection!
      title: String updatedAt: ISO8601DateTime!
    }
    type ClientConnection { nodes: [Client!]! pageInfo: PageInfo! totalCount: Int! }
    type ClientAddress {
      street1: String street2: String city: String province: String postalCode: String country: String
    }
    type Email { address: String! primary: Boolean! description: String! }
    type ClientPhoneNumber {
      number: String! friendly: String! primary: Boolean! description: String! smsAllowed: Boolean!
    }
    type SourceAttribution { sourceText: String }
    type Tag { label: String! }
    type TagConnection { nodes: [Tag!]! pageInfo: PageInfo! }
    type Property { address: ClientAddress }
    type PropertyConnection { nodes: [Property!]! pageInfo: PageInfo! }
    type ContactModel {
      id: EncodedId! firstName: String lastName: String
      emails(first: Int): EmailConnection! phones(first: Int): ClientPhoneNumberConnection!
    }
    type ContactModelConnection { nodes: [ContactModel!]! pageInfo: PageInfo! }
    type EmailConnection { nodes: [Email!]! }
    type ClientPhoneNumberConnection { nodes: [ClientPhoneNumber!]! }
    union CustomFieldUnion = CustomFieldText | CustomFieldNumeric | CustomFieldDropdown
      | CustomFieldTrueFalse | CustomFieldLink | CustomFieldArea
    type CustomFieldText { label: String! valueText: String }
    type CustomFieldNumeric { label: String! valueNumeric: Float }
    type CustomFieldDropdown { label: String! valueDropdown: String }
    type CustomFieldTrueFalse { label: String! valueTrueFalse: Boolean }
    type CustomFieldLink { label: String! valueLink: Link }
    type Link { text: String url: String }
    type CustomFieldArea { label: String! valueArea: Area }
    type Area { length: Float width: Float }

    type Request {
      assessment: Assessment client: Client! companyName: String contactName: String email: String
      id: EncodedId! jobberWebUri: String! phone: String property: Property referringClient: Client
      requestStatus: RequestStatusTypeEnum! source: String! title: String
      createdAt: ISO8601DateTime! updatedAt: ISO8601DateTime!
    }
    type RequestConnection { nodes: [Request!]! pageInfo: PageInfo! totalCount: Int! }
    type Assessment {
      startAt: ISO8601DateTime endAt: ISO8601DateTime isComplete: Boolean instructions: String
    }
    """
)
