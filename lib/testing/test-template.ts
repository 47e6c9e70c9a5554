/** A database with all migrations on the test run's PostgreSQL; every test database is a copy of it. */
export const TEMPLATE = 'parley_template';
