/** A MongoDB, and the database in it that is the appliance's own. */
export interface MongoPlace {
  /** `mongodb://` or `mongodb+srv://` with hosts and options, without user and password. */
  readonly uri: string;
  readonly user?: string;
  readonly password?: () => string;
  /** Path of a PEM file with the authorities that certificates are checked by; those that Node trusts where absent. */
  readonly ca?: string;
  readonly database: string;
}
