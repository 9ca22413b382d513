-- two pages
SELECT * FROM crm.leads WHERE 1 = 0
SELECT SYSDATE()
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NULL AND crm.leads.id IS NOT NULL ORDER BY crm.leads.updated_at, crm.leads.id LIMIT %(param_1)s  -- param_1=2
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NULL AND crm.leads.id IS NULL LIMIT %(param_1)s  -- param_1=500
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL ORDER BY crm.leads.updated_at, crm.leads.id LIMIT %(param_1)s  -- param_1=2
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at = to_timestamp_ntz(%(param_1)s) AND crm.leads.id >= %(param_2)s ORDER BY crm.leads.updated_at, crm.leads.id LIMIT %(param_3)s  -- param_1='2026-03-02T15:00:01.123456789', param_2=8, param_3=3
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at >= to_timestamp_ntz(%(param_1)s) AND (crm.leads.updated_at > to_timestamp_ntz(%(param_1)s) OR crm.leads.id IS NULL) ORDER BY crm.leads.updated_at, crm.leads.id LIMIT %(param_2)s  -- param_1='2026-03-02T15:00:01.123456789', param_2=2

-- from a position on
SELECT * FROM crm.leads WHERE 1 = 0
SELECT SYSDATE()
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NULL AND crm.leads.id IS NOT NULL ORDER BY crm.leads.updated_at, crm.leads.id LIMIT %(param_1)s  -- param_1=2
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NULL AND crm.leads.id IS NULL LIMIT %(param_1)s  -- param_1=500
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at >= to_timestamp_ntz(%(param_1)s) ORDER BY crm.leads.updated_at, crm.leads.id LIMIT %(param_2)s  -- param_1='2026-03-02T15:00:00.123456', param_2=2
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at = to_timestamp_ntz(%(param_1)s) AND crm.leads.id >= %(param_2)s ORDER BY crm.leads.updated_at, crm.leads.id LIMIT %(param_3)s  -- param_1='2026-03-02T15:00:01.123456789', param_2=8, param_3=3
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at >= to_timestamp_ntz(%(param_1)s) AND (crm.leads.updated_at > to_timestamp_ntz(%(param_1)s) OR crm.leads.id IS NULL) ORDER BY crm.leads.updated_at, crm.leads.id LIMIT %(param_2)s  -- param_1='2026-03-02T15:00:01.123456789', param_2=2

-- a span of time
SELECT * FROM crm.leads WHERE 1 = 0
SELECT SYSDATE()
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at >= to_timestamp_ntz(%(param_1)s) AND crm.leads.updated_at < to_timestamp_ntz(%(param_2)s) ORDER BY crm.leads.updated_at, crm.leads.id LIMIT %(param_3)s  -- param_1='2026-03-02T15:00:00.123456', param_2='2027-03-02T15:00:00.123456', param_3=9

-- the newest
SELECT * FROM crm.leads WHERE 1 = 0
SELECT SYSDATE()
SELECT to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.updated_at IS NOT NULL AND crm.leads.updated_at < to_timestamp_ntz(%(param_1)s) ORDER BY crm.leads.updated_at DESC LIMIT %(param_2)s  -- param_1='2026-03-02T15:00:00.123457', param_2=200

-- by keys
SELECT * FROM crm.leads WHERE 1 = 0
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.id = %(param_1)s OR crm.leads.id = %(param_2)s  -- param_1='7', param_2='8'

-- by two keys
SELECT * FROM crm.leads WHERE 1 = 0
SELECT crm.leads.id, crm.leads.name, to_varchar(crm.leads.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at FROM crm.leads WHERE crm.leads.id = %(param_1)s AND crm.leads.name = %(param_2)s  -- param_1='7', param_2='Ada'

-- whole
SELECT * FROM leads WHERE 1 = 0
SELECT leads.id, leads.name, leads.updated_at FROM leads

-- a look
SELECT * FROM leads WHERE 1 = 0
SELECT count(*) AS count_1 FROM (SELECT 1 AS one FROM leads LIMIT %(param_1)s) AS anon_1  -- param_1=10001

-- a query
SELECT * FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS leads WHERE 1 = 0
SELECT SYSDATE()
SELECT id, name, to_varchar(updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at_1 FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS leads WHERE updated_at IS NULL AND id IS NOT NULL ORDER BY updated_at, id LIMIT %(param_1)s  -- param_1=9
SELECT id, name, to_varchar(updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at_1 FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS leads WHERE updated_at IS NULL AND id IS NULL LIMIT %(param_1)s  -- param_1=500
SELECT id, name, to_varchar(updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.FF9') AS updated_at_1 FROM (SELECT * FROM crm.leads WHERE name <> 'x:y' ) AS leads WHERE updated_at IS NOT NULL AND updated_at >= to_timestamp_ntz(%(param_1)s) ORDER BY updated_at, id LIMIT %(param_2)s  -- param_1='2026-03-02T15:00:00.123456', param_2=9

-- a key that is the cursor
SELECT * FROM leads WHERE 1 = 0
SELECT SYSDATE()
SELECT leads.id, leads.name, leads.updated_at FROM leads WHERE leads.id IS NULL AND leads.id IS NOT NULL ORDER BY leads.id LIMIT %(param_1)s  -- param_1=500
SELECT leads.id, leads.name, leads.updated_at FROM leads WHERE leads.id IS NULL AND leads.id IS NULL LIMIT %(param_1)s  -- param_1=500
SELECT leads.id, leads.name, leads.updated_at FROM leads WHERE leads.id IS NOT NULL ORDER BY leads.id LIMIT %(param_1)s  -- param_1=500
