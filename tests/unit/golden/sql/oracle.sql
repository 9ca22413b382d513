-- two pages
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM crm.leads WHERE 1 = 0
SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual
SET TRANSACTION READ ONLY
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NULL AND crm.leads.id IS NOT NULL ORDER BY crm.leads.updated_at, crm.leads.id FETCH FIRST 2 ROWS ONLY
SET TRANSACTION READ ONLY
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NULL AND crm.leads.id IS NULL FETCH FIRST 500 ROWS ONLY
SET TRANSACTION READ ONLY
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL ORDER BY crm.leads.updated_at, crm.leads.id FETCH FIRST 2 ROWS ONLY
SET TRANSACTION READ ONLY
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at = to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') AND crm.leads.id >= :param_2 ORDER BY crm.leads.updated_at, crm.leads.id FETCH FIRST 3 ROWS ONLY  -- param_1='2026-03-02T15:00:01.123456789+00:00', param_2=8
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at >= to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') AND (crm.leads.updated_at > to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') OR crm.leads.id IS NULL) ORDER BY crm.leads.updated_at, crm.leads.id FETCH FIRST 2 ROWS ONLY  -- param_1='2026-03-02T15:00:01.123456789+00:00'

-- from a position on
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM crm.leads WHERE 1 = 0
SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual
SET TRANSACTION READ ONLY
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NULL AND crm.leads.id IS NOT NULL ORDER BY crm.leads.updated_at, crm.leads.id FETCH FIRST 2 ROWS ONLY
SET TRANSACTION READ ONLY
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NULL AND crm.leads.id IS NULL FETCH FIRST 500 ROWS ONLY
SET TRANSACTION READ ONLY
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at >= to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') ORDER BY crm.leads.updated_at, crm.leads.id FETCH FIRST 2 ROWS ONLY  -- param_1='2026-03-02T15:00:00.123456+00:00'
SET TRANSACTION READ ONLY
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at = to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') AND crm.leads.id >= :param_2 ORDER BY crm.leads.updated_at, crm.leads.id FETCH FIRST 3 ROWS ONLY  -- param_1='2026-03-02T15:00:01.123456789+00:00', param_2=8
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at >= to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') AND (crm.leads.updated_at > to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') OR crm.leads.id IS NULL) ORDER BY crm.leads.updated_at, crm.leads.id FETCH FIRST 2 ROWS ONLY  -- param_1='2026-03-02T15:00:01.123456789+00:00'

-- a span of time
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM crm.leads WHERE 1 = 0
SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual
SET TRANSACTION READ ONLY
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at >= to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') AND crm.leads.updated_at < to_timestamp_tz(:param_2, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') ORDER BY crm.leads.updated_at, crm.leads.id FETCH FIRST 9 ROWS ONLY  -- param_1='2026-03-02T15:00:00.123456+00:00', param_2='2027-03-02T15:00:00.123456+00:00'

-- the newest
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM crm.leads WHERE 1 = 0
SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual
SELECT to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at < to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') ORDER BY crm.leads.updated_at DESC FETCH FIRST 200 ROWS ONLY  -- param_1='2026-03-02T15:00:00.123457+00:00'

-- by keys
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM crm.leads WHERE 1 = 0
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.id = :param_1 OR crm.leads.id = :param_2  -- param_1='7', param_2='8'

-- by two keys
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM crm.leads WHERE 1 = 0
SELECT crm.leads.id, crm.leads.name, to_char(sys_extract_utc(crm.leads.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at FROM crm.leads WHERE crm.leads.id = :param_1 AND crm.leads.name = :param_2  -- param_1='7', param_2='Ada'

-- whole
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM leads WHERE 1 = 0
SELECT leads.id, leads.name, sys_extract_utc(leads.updated_at) AS updated_at FROM leads

-- a look
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM leads WHERE 1 = 0
SELECT count(*) AS count_1 FROM (SELECT 1 AS one FROM leads FETCH FIRST 10001 ROWS ONLY) anon_1

-- a query
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) leads WHERE 1 = 0
SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual
SET TRANSACTION READ ONLY
SELECT id, name, to_char(sys_extract_utc(updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at_1 FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) leads WHERE updated_at IS NULL AND id IS NOT NULL ORDER BY updated_at, id FETCH FIRST 9 ROWS ONLY
SET TRANSACTION READ ONLY
SELECT id, name, to_char(sys_extract_utc(updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at_1 FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) leads WHERE updated_at IS NULL AND id IS NULL FETCH FIRST 500 ROWS ONLY
SET TRANSACTION READ ONLY
SELECT id, name, to_char(sys_extract_utc(updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF9"+00:00"') AS updated_at_1 FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) leads WHERE updated_at IS NOT NULL AND updated_at >= to_timestamp_tz(:param_1, 'YYYY-MM-DD"T"HH24:MI:SS.FF9TZH:TZM') ORDER BY updated_at, id FETCH FIRST 9 ROWS ONLY  -- param_1='2026-03-02T15:00:00.123456+00:00'

-- a key that is the cursor
ALTER SESSION SET TIME_ZONE = '+00:00'
ALTER SESSION SET NLS_SORT = BINARY
ALTER SESSION SET NLS_COMP = BINARY
SET TRANSACTION READ ONLY
SELECT * FROM leads WHERE 1 = 0
SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual
SET TRANSACTION READ ONLY
SELECT leads.id, leads.name, sys_extract_utc(leads.updated_at) AS updated_at FROM leads WHERE leads.id IS NULL AND leads.id IS NOT NULL ORDER BY leads.id FETCH FIRST 500 ROWS ONLY
SET TRANSACTION READ ONLY
SELECT leads.id, leads.name, sys_extract_utc(leads.updated_at) AS updated_at FROM leads WHERE leads.id IS NULL AND leads.id IS NULL FETCH FIRST 500 ROWS ONLY
SET TRANSACTION READ ONLY
SELECT leads.id, leads.name, sys_extract_utc(leads.updated_at) AS updated_at FROM leads WHERE leads.id IS NOT NULL ORDER BY leads.id FETCH FIRST 500 ROWS ONLY
